/** The page around the screens: tabs, theme, address, footer, headers, sizes, where it is hosted. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { policy } from '../server/client.mjs';
import {
  accessible,
  box,
  button,
  cleanUp,
  DIST,
  fragment,
  open,
  openSite,
  resultOf,
  results,
  serving,
  site,
  stateOf,
  status,
  tab,
  until,
} from './support.mjs';

after(cleanUp);

const TABS = ['Fill mask', 'Next sentence', 'Generate', 'TL;DR', 'Inside', 'Train', 'Models'];
const BOX = ['Text', 'Sentence A', 'Prompt', 'Document', 'Text', 'Text', 'Model'];

describe('headers', () => {
  test('the policy is strict, and the page is isolated where it should be', async () => {
    for (const isolated of [true, false]) {
      const response = await fetch(await site({ isolated }));
      assert.equal(response.status, 200);
      const said = response.headers.get('content-security-policy') ?? '';
      assert.equal(said, await policy());
      assert.match(said, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
      assert.match(said, /frame-ancestors 'none'/);
      assert.doesNotMatch(said, /'unsafe-|blob:|script-src[^;]*(https?:|data:)/);
      assert.equal(response.headers.get('cross-origin-opener-policy'), isolated ? 'same-origin' : null);
      assert.equal(response.headers.get('cross-origin-embedder-policy'), isolated ? 'require-corp' : null);
    }
  });

  test('the page says what it is before any script runs', async () => {
    const html = await (await fetch(await site())).text();
    assert.match(html, /<html lang="en"/);
    assert.match(html, /<meta\s+name="description"\s+data-words="description"\s+content=".{50,}"/);
    assert.match(html, /<noscript>/);
    assert.doesNotMatch(html, /https?:\/\//, 'nothing from elsewhere');
  });
});

describe('tabs', () => {
  test('arrow keys, Home and End move, one tab stop', async () => {
    const { page, close } = await openSite();
    await tab(page, 'Fill mask').focus();
    const expectShown = async (/** @type {number} */ index) => {
      assert.deepEqual(
        await page
          .getByRole('tab')
          .evaluateAll((all) => all.map((one) => [one.getAttribute('aria-selected'), one.tabIndex])),
        TABS.map((_, at) => (at === index ? ['true', 0] : ['false', -1])),
      );
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), TABS[index]);
      assert.equal(await page.getByRole('tabpanel').count(), 1, 'one panel is shown');
      await page.getByRole('tabpanel', { name: TABS[index], exact: true }).waitFor();
      await box(page, BOX[index]).waitFor();
    };
    await expectShown(0);
    for (const [key, index] of /** @type {Array<[string, number]>} */ ([
      ['ArrowRight', 1],
      ['ArrowRight', 2],
      ['ArrowRight', 3],
      ['ArrowRight', 4],
      ['ArrowRight', 5],
      ['ArrowRight', 6],
      ['ArrowRight', 0],
      ['ArrowLeft', 6],
      ['Home', 0],
      ['End', 6],
      ['ArrowLeft', 5],
    ])) {
      await page.keyboard.press(key);
      await expectShown(index);
    }
    await close();
  });
});

describe('theme', () => {
  test('auto follows the system; a choice is remembered and shown from the first paint', async () => {
    const { page, close } = await openSite('', { colorScheme: 'dark' });
    const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await paper();
    await page.getByRole('radio', { name: 'Light' }).check();
    const light = await paper();
    assert.notEqual(light, dark);
    await page.reload();
    await until(
      'the remembered theme',
      async () => (await page.getByRole('radio', { name: 'Light' }).isChecked()) && (await paper()) === light,
    );
    await page.getByRole('radio', { name: 'Auto' }).check();
    assert.equal(await paper(), dark);
    await close();
  });

  test('works where storage is forbidden', async () => {
    const { page, close } = await openSite('', {
      before: (fresh) =>
        fresh.addInitScript(() =>
          Object.defineProperty(window, 'localStorage', {
            get() {
              throw new DOMException('denied', 'SecurityError');
            },
          }),
        ),
    });
    await page.getByRole('radio', { name: 'Dark' }).check();
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
    await box(page, 'Text').waitFor();
    await close();
  });
});

describe('address', () => {
  test('what is typed and which tab is shown get into the fragment', async () => {
    const { page, close } = await openSite();
    await box(page, 'Text').fill('Ink & [MASK] 100 % 漢字 👩‍👩‍👧');
    await until(
      'the text in the address',
      async () => new URLSearchParams(new URL(page.url()).hash.slice(1)).get('text') === 'Ink & [MASK] 100 % 漢字 👩‍👩‍👧',
    );
    await tab(page, 'Generate').click();
    await until('the task in the address', async () => page.url().includes('#task=generate'));
    assert.equal(await page.evaluate(() => history.length), 2, 'typing leaves no trail (about:blank and this page)');
    await close();
  });

  test('a link opens its screen; a changed fragment is honoured', async () => {
    const { page, close } = await openSite(
      fragment({ task: 'next-sentence', a: 'It rained.', b: 'The street was wet.' }),
    );
    await box(page, 'Sentence A').waitFor();
    assert.equal(await box(page, 'Sentence A').inputValue(), 'It rained.');
    assert.equal(await box(page, 'Sentence B').inputValue(), 'The street was wet.');
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      fragment({ task: 'generate', prompt: 'Once', temperature: 0.5, do_sample: true, seed: 7 }),
    );
    await box(page, 'Prompt').waitFor();
    assert.equal(await box(page, 'Prompt').inputValue(), 'Once');
    const state = await stateOf(page, 'generate');
    assert.equal(state.temperature, 0.5);
    assert.equal(Number(state.seed), 7);
    await close();
  });

  test('Share link copies a link that opens the same screen with its result', async () => {
    const first = await openSite(fragment({ task: 'next-sentence', a: 'It rained.', b: 'The street was wet.' }), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await resultOf(first.page, 'next-sentence', () => button(first.page, 'Compare').click());
    const said = await results(first.page).getByRole('table').innerText();
    await button(first.page, 'Share link').click();
    await status(first.page)
      .filter({ hasText: /copied/i })
      .waitFor();
    const link = await first.page.evaluate(() => navigator.clipboard.readText());
    await first.close();
    const second = await open(link);
    await until(
      'the same result',
      async () =>
        (await results(second.page).getByRole('table').count()) === 1 &&
        (await results(second.page).getByRole('table').innerText()) === said,
    );
    assert.equal(await box(second.page, 'Sentence A').inputValue(), 'It rained.');
    await second.close();
  });

  for (const hash of [
    'nonsense',
    'task=paint&text=x',
    'task=',
    '%E0%A4%A',
    'task=generate&temperature=hot&prompt=Once',
    'task=generate&temperature=-3&top_k=1e9&prompt=Once',
  ]) {
    test(`#${hash} is ignored with a note`, async () => {
      const { page, close } = await openSite(hash);
      await page.getByText(/Part of this link was ignored/).waitFor();
      await box(page, hash.includes('generate') ? 'Prompt' : 'Text').waitFor();
      if (hash.includes('prompt'))
        assert.equal(await box(page, 'Prompt').inputValue(), 'Once', 'the good part is kept');
      await close();
    });
  }
});

describe('sizes', () => {
  for (const [width, height] of [
    [360, 740],
    [768, 1024],
    [1280, 900],
    [1920, 1080],
  ]) {
    test(`${width} × ${height}: nothing scrolls sideways`, async () => {
      const { page, close } = await openSite('', { viewport: { width, height }, hasTouch: width === 360 });
      for (const [index, name] of TABS.entries()) {
        await tab(page, name).click();
        await box(page, BOX[index]).waitFor();
        const [scroll, client] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        assert.ok(scroll <= client, `${name}: ${scroll} px in ${client} px`);
      }
      await close();
    });
  }

  test('text twice as large still fits a phone', async () => {
    const { page, close } = await openSite('', { viewport: { width: 360, height: 740 } });
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    for (const name of TABS) {
      await tab(page, name).click();
      const [scroll, client] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      assert.ok(scroll <= client, `${name}: ${scroll} px in ${client} px`);
    }
    await close();
  });
});

describe('hosting', () => {
  test('web/dist works from any sub-path of any static host', async () => {
    const url = await serving(DIST, { prefix: '/some/deep/path/', isolated: false });
    const { page, close } = await open(`${url}#${fragment({ task: 'fill-mask', text: 'The [MASK] is open.' })}`);
    await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
    await close();
  });
});

describe('without a result', () => {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    test(`axe-core finds nothing (${colorScheme})`, async () => {
      const { page, close } = await openSite('', { colorScheme });
      for (const [index, name] of TABS.entries()) {
        await tab(page, name).click();
        await box(page, BOX[index]).waitFor();
        await accessible(page, `${name}, ${colorScheme}, empty`);
      }
      await close();
    });
  }
});
