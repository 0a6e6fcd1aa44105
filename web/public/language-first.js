// Runs before the first paint: decides the language of the page, which the elements follow (src/language.ts). The words that
// stand in index.html are English; where others are wanted, the page waits for them unseen, and not for long (page.css).
{
  const asked = new URLSearchParams(location.search).get('lang');
  let kept = null;
  try {
    kept = localStorage.getItem('cloze-language');
  } catch {
    // Storage may be forbidden; then the browser's languages decide.
  }
  const known = [asked, kept, ...navigator.languages].find((tag) => /^(en|zh)\b/i.test(tag ?? ''));
  if (known && /^zh/i.test(known)) {
    document.documentElement.lang = 'zh-CN';
    document.documentElement.dataset.words = 'coming';
  }
}
