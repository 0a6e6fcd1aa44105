// A click on the extension's button opens its page, where models run: a service worker cannot start workers.
chrome.action.onClicked.addListener(() => chrome.tabs.create({ url: 'index.html' }));
