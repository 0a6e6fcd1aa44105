/** A browser that crashes, and a tab that does. */
import assert from 'node:assert/strict';

/** Ends a browser as a crash does: nothing in it gets a chance to tidy up. @param {import('playwright-core').BrowserContext} context */
export async function kill(context) {
  const session = await /** @type {import('playwright-core').Browser} */ (context.browser()).newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const browser = processInfo.find(({ type }) => type === 'browser');
  assert.ok(browser);
  process.kill(browser.id, 'SIGKILL');
  await new Promise((resolve) => context.once('close', () => resolve(undefined)));
}

/** Ends a tab as a crash does. @param {import('playwright-core').Page} page */
export async function crash(page) {
  const session = await page.context().newCDPSession(page);
  session.send('Page.crash').catch(() => undefined);
  await new Promise((resolve) => page.once('crash', resolve));
  await page.close();
}
