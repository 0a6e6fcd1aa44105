/** The three builds of the core: which one runs where, that the page says so, and that all say the same. */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { after, describe, test } from 'node:test';
import { button, cleanUp, fragment, open, resultOf, site } from './support.mjs';

after(cleanUp);

/** @type {Array<{ task: string, button: string, state: Record<string, string | number> }>} */
const SCREENS = [
  { task: 'fill-mask', button: 'Predict', state: { text: 'She opened the [MASK] and went in.' } },
  { task: 'next-sentence', button: 'Compare', state: { a: 'It began to rain.', b: 'She opened her umbrella.' } },
  { task: 'generate', button: 'Generate', state: { prompt: 'Once upon a time', seed: 7, max_new_tokens: 24 } },
  {
    task: 'summarize',
    button: 'Summarize',
    state: {
      document: 'The king had three sons. The youngest went into the wood and met a fox, who gave him a golden key.',
      seed: 7,
    },
  },
];

/** What a result says, without times. @param {string} task @param {any} detail */
function essence(task, detail) {
  switch (task) {
    case 'generate':
    case 'summarize':
      return (Array.isArray(detail) ? detail[0] : detail).tokens.map((/** @type {any} */ token) => token.id);
    default:
      return JSON.parse(
        JSON.stringify(detail, (key, value) => (/_ms$|^ms$|timing|time/.test(key) ? undefined : value)),
      );
  }
}

/** @type {Map<string, any>} */
const said = new Map();

const CASES = [
  { build: 'relaxed-simd-threads', isolated: true, query: '', threads: availableParallelism() > 1 },
  { build: 'relaxed-simd', isolated: false, query: '', threads: false },
  { build: 'simd128', isolated: true, query: '?build=simd128', threads: false },
];

for (const { build, isolated, query, threads } of CASES) {
  describe(`${build}, ${isolated ? 'isolated' : 'not isolated'}`, () => {
    for (const screen of SCREENS) {
      const skip =
        build === 'relaxed-simd-threads' && !threads && 'there is one core: the other builds are chosen, rightly';
      test(`${screen.task} answers, and the page says what runs`, { skip }, async () => {
        const { page, close } = await open(
          `${await site({ isolated })}${query}#${fragment({ task: screen.task, ...screen.state })}`,
        );
        const detail = await resultOf(page, screen.task, () => button(page, screen.button).click());
        const footer = page.getByRole('contentinfo');
        await footer.getByText(`${build}:`, { exact: false }).waitFor();
        assert.match(await footer.innerText(), /million parameters/);
        if (threads) assert.match(await page.locator('#fact-threads').innerText(), /^\d+ of this machine/);
        else assert.match(await page.locator('#fact-threads').innerText(), /^Off\. .{15,}/, 'says why threads are off');
        if (!isolated) assert.match(await page.locator('#fact-threads').innerText(), /isolated|COOP|headers/i);
        said.set(`${build} ${screen.task}`, essence(screen.task, detail));
        await close();
      });
    }
  });
}

describe('the builds agree', () => {
  test('with and without threads, to the last digit; the same seed gives the same tokens', () => {
    for (const { task } of SCREENS) {
      const [first, ...others] = CASES.filter(({ build, threads }) => threads || build !== 'relaxed-simd-threads').map(
        ({ build }) => said.get(`${build} ${task}`),
      );
      assert.ok(first, task);
      for (const one of others) assert.deepEqual(one, first, task);
    }
  });
});
