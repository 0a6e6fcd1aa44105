/** Browsers that lack something, forced in Chromium: the site goes on without it, with the same answers, and says what it costs. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { copyOf } from './hub-support.mjs';
import { answered, trained } from './in-page.mjs';
import { cleanUp, DIST, fragment, openSite, serving } from './support.mjs';

/** The two smallest modules that relaxed SIMD is asked with are told from others by their length alone. */
const NO_RELAXED_SIMD = `
  const validate = WebAssembly.validate;
  WebAssembly.validate = (bytes) => validate(bytes) && !(bytes.byteLength < 64 && new Uint8Array(bytes).join().includes('253,128,2'));`;
const NO_FILES = 'delete StorageManager.prototype.getDirectory;';
const NO_LOCKS = 'delete (globalThis.Navigator ?? WorkerNavigator).prototype.locks;';
const NO_CACHES = "caches.open = () => Promise.reject(new DOMException('private', 'SecurityError'));";

/** What is taken away in the page and in its workers. @type {Record<string, { script: string, build?: RegExp, threads?: RegExp, kept?: RegExp, cached?: boolean }>} */
const CASES = {
  'relaxed SIMD': { script: NO_RELAXED_SIMD, build: /^simd128: /u, threads: /no relaxed SIMD/u },
  SharedArrayBuffer: { script: 'delete globalThis.SharedArrayBuffer;', build: /^relaxed-simd: /u, threads: /^Off\. /u },
  // The Cache API is used in their place.
  'files of its own (OPFS)': { script: NO_FILES, kept: /^kept$/u, cached: true },
  'Web Locks': { script: NO_LOCKS, kept: /^kept$/u },
  'any storage': { script: NO_FILES + NO_CACHES, kept: /not kept|cannot be kept|lost/u },
};

const TRAIN = { task: 'train', view: 'scratch', set: 'architecture-gpt size-small steps-4 seed-7' };

after(cleanUp);

/** What a browser that lacks nothing says. @type {{ said: string, losses: number[] }} */
let whole;
before(async () => {
  const asked = await openSite(fragment({ task: 'fill-mask' }));
  const { said } = await asked.page.evaluate(answered, 'fill-mask');
  await asked.close();
  const trains = await openSite(fragment(TRAIN));
  const { losses } = await trains.page.evaluate(trained, 'countries');
  await trains.close();
  whole = { said, losses };
});

for (const [name, { script, build, threads, kept, cached = false }] of Object.entries(CASES))
  describe(`without ${name}`, () => {
    /** @type {string} */
    let root;
    /** @type {NonNullable<Parameters<typeof openSite>[1]>} */
    let options;
    before(async () => {
      root = copyOf(DIST, script);
      options = { at: await serving(root), before: (page) => page.addInitScript(script) };
    });
    after(() => rmSync(root, { recursive: true, force: true }));

    test('a mask is filled', async () => {
      const { page, close } = await openSite(fragment({ task: 'fill-mask' }), options);
      const found = await page.evaluate(answered, 'fill-mask');
      assert.equal(found.said, whole.said);
      if (build) assert.match(found.build, build);
      if (threads) assert.match(found.threads, threads);
      await close();
    });

    if (kept)
      test('a run learns, and what is not kept is said', async (t) => {
        const { page, close } = await openSite(fragment(TRAIN), options);
        const found = await page.evaluate(trained, 'countries');
        t.diagnostic(found.kept);
        assert.deepEqual([found.state, found.losses], ['over', whole.losses]);
        assert.match(found.kept, kept);
        await page.reload();
        assert.equal(await page.evaluate(() => caches.has('cloze-runs').catch(() => false)), cached);
        const isKept = found.kept === 'kept';
        await (
          isKept ? page.getByRole('button', { name: /^Remove: / }) : page.getByText('No run is kept yet.')
        ).waitFor();
        await close();
      });
  });
