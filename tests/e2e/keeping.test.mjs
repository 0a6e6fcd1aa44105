/** Files kept in the browser: used while the server names the same version, and never when they are no good. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BLANK, cleanUp, MODULES, open, ROOT, serving } from './support.mjs';

after(cleanUp);

/** What is in the folder of kept files: names and sizes. `load` takes a folder that is known by its address alone. */
const KEPT = `
  const kept = async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('cloze', { create: true });
    const files = {};
    for await (const [name, handle] of folder) files[name] = (await handle.getFile()).size;
    return { folder, files, notes: Object.keys(files).filter((name) => name.endsWith('.json')), weights: Object.keys(files).filter((name) => files[name] > 1e7) };
  };
  const load = async (model = '/models/bert/model.gguf') => {
    try {
      const unmask = await pipeline('fill-mask', model);
      const [{ token_str }] = await unmask('She opened the [MASK] and went in.', { top_k: 1 });
      await unmask.dispose();
      return token_str;
    } catch (error) {
      return error.code;
    }
  };`;

describe('kept weights', () => {
  /** @type {string} */
  let folder;
  /** @type {string} */
  let site;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cloze-keeping-'));
    cpSync(`${ROOT}pkg/dist`, join(folder, MODULES), { recursive: true });
    cpSync(`${ROOT}models`, join(folder, 'models'), { recursive: true });
    symlinkSync(join(folder, 'models'), join(folder, 'cloze-models'));
    site = `${await serving(folder)}${MODULES}`;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** @param {(run: (script: string) => Promise<any>, asked: string[]) => Promise<void>} work `asked`: the addresses of all requests */
  async function inPage(work) {
    const { page, close } = await open(`${site}${BLANK}`, { expected: /favicon/ });
    /** @type {string[]} */
    const asked = [];
    page.context().on('request', (request) => asked.push(request.url()));
    await work(
      (script) =>
        page.evaluate(
          `(async () => { const { pipeline, env } = await import('${site}index.js'); ${KEPT} ${script} })()`,
        ),
      asked,
    );
    await close();
  }

  test('a model is kept, read from there, and fetched again when the server has another version', () =>
    inPage(async (run) => {
      const first = await run(
        'const word = await load(); const { notes, weights, files } = await kept(); return { word, notes, weights, sizes: weights.map((name) => files[name]) };',
      );
      assert.match(first.word, /^\w+$/);
      assert.deepEqual(
        [first.notes.length, first.weights.length],
        [3, 1],
        'config.json, tokenizer.json and the weights',
      );
      assert.ok(first.notes.includes(`${first.weights[0]}.json`));

      // Spoiled on purpose: that it is noticed shows that the kept file is what is read.
      const spoil = `const { folder, weights } = await kept();
        const handle = await folder.getFileHandle(weights[0]);
        const writable = await handle.createWritable({ keepExistingData: true });
        await writable.write({ type: 'write', position: 0, data: new Uint8Array(64).fill(7) });
        await writable.close();`;
      const spoiled = await run(
        `${spoil} const before = (await kept()).notes.length; const word = await load(); const after = await kept(); const head = new Uint8Array(await (await (await after.folder.getFileHandle(after.weights[0])).getFile()).slice(0, 4).arrayBuffer()); return { before, word, notes: after.notes.length, magic: String.fromCharCode(...head) };`,
      );
      assert.deepEqual(
        spoiled,
        { before: 3, word: first.word, notes: 3, magic: 'GGUF' },
        'it is fetched anew, and a good copy kept',
      );

      // Another version on the server: the spoiled copy is not looked at.
      await run(spoil);
      utimesSync(join(folder, 'models/bert/model.gguf'), new Date(), new Date(Date.now() - 1e6));
      assert.equal(await run('return load();'), first.word);
      assert.equal(await run('return load();'), first.word);
    }));

  test('a file that stopped in the middle is not used', () =>
    inPage(async (run) => {
      const word = await run(`const word = await load(); const { folder, notes, weights } = await kept();
        await folder.removeEntry(weights[0] + '.json');
        const writable = await (await folder.getFileHandle(weights[0])).createWritable();
        await writable.write(new Uint8Array(1000));
        await writable.close();
        return [word, await load(), (await kept()).notes.length];`);
      assert.equal(word[0], word[1]);
      assert.equal(word[2], 3);
    }));

  test('of the default model nothing is asked for again, and a spoiled copy is fetched anew', () =>
    inPage(async (run, asked) => {
      const models = () => asked.filter((url) => url.includes('/cloze-models/bert/')).length;
      const word = await run('return load(null);');
      assert.equal(models(), 3);
      assert.equal(await run('return load(null);'), word);
      assert.equal(models(), 3);
      const spoiled = await run(`const { folder, weights } = await kept();
        const writable = await (await folder.getFileHandle(weights[0])).createWritable({ keepExistingData: true });
        await writable.write({ type: 'write', position: 0, data: new Uint8Array(64).fill(7) });
        await writable.close();
        return load(null);`);
      assert.equal(spoiled, word);
      assert.equal(models(), 4);
    }));

  test('nothing is kept where that is not wanted, or cannot be', () =>
    inPage(async (run) => {
      const [word, files] = await run(
        'env.use_browser_cache = false; const word = await load(); env.use_browser_cache = true; return [word, (await kept()).files];',
      );
      assert.match(word, /^\w+$/);
      assert.deepEqual(files, {});
    }));
});
