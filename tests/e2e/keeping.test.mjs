/** Weight files kept in the browser: used while the server names the same version, and never when they are no good. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cleanUp, open, ROOT, serving } from './support.mjs';

after(cleanUp);

/** What is in the folder of kept files: names and sizes. */
const KEPT = `
  const kept = async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('cloze', { create: true });
    const files = {};
    for await (const [name, handle] of folder) files[name] = (await handle.getFile()).size;
    return { folder, files, notes: Object.keys(files).filter((name) => name.endsWith('.json')), weights: Object.keys(files).filter((name) => !name.endsWith('.json')) };
  };
  const load = async () => {
    try {
      const unmask = await pipeline('fill-mask');
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
    cpSync(`${ROOT}pkg/dist`, folder, { recursive: true });
    site = await serving(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** @param {(run: (script: string) => Promise<any>) => Promise<void>} work */
  async function inPage(work) {
    const { page, close } = await open(`${site}models/bert/config.json`, { expected: /favicon/ });
    await work((script) => page.evaluate(`(async () => { const { pipeline, env } = await import('${site}index.js'); ${KEPT} ${script} })()`));
    await close();
  }

  test('a model is kept, read from there, and fetched again when the server has another version', () =>
    inPage(async (run) => {
      const first = await run('const word = await load(); const { notes, weights, files } = await kept(); return { word, notes, weights, sizes: weights.map((name) => files[name]) };');
      assert.match(first.word, /^\w+$/);
      assert.deepEqual([first.notes.length, first.weights.length], [1, 1]);
      assert.equal(first.notes[0], `${first.weights[0]}.json`);

      // Spoiled on purpose: that it is noticed shows that the kept file is what is read.
      const spoil = `const { folder, weights } = await kept();
        const handle = await folder.getFileHandle(weights[0]);
        const writable = await handle.createWritable({ keepExistingData: true });
        await writable.write({ type: 'write', position: 0, data: new Uint8Array(64).fill(7) });
        await writable.close();`;
      const spoiled = await run(`${spoil} const before = (await kept()).notes.length; const word = await load(); const after = await kept(); const head = new Uint8Array(await (await (await after.folder.getFileHandle(after.weights[0])).getFile()).slice(0, 4).arrayBuffer()); return { before, word, notes: after.notes.length, magic: String.fromCharCode(...head) };`);
      assert.deepEqual(spoiled, { before: 1, word: first.word, notes: 1, magic: 'GGUF' }, 'it is fetched anew, and a good copy kept');

      // Another version on the server: the spoiled copy is not looked at.
      await run(spoil);
      utimesSync(join(folder, 'models/bert/model.gguf'), new Date(), new Date(Date.now() - 1e6));
      assert.equal(await run('return load();'), first.word);
      assert.equal(await run('return load();'), first.word);
    }));

  test('a file that stopped in the middle is not used', () =>
    inPage(async (run) => {
      const word = await run(`const word = await load(); const { folder, notes, weights } = await kept();
        await folder.removeEntry(notes[0]);
        const writable = await (await folder.getFileHandle(weights[0])).createWritable();
        await writable.write(new Uint8Array(1000));
        await writable.close();
        return [word, await load(), (await kept()).notes.length];`);
      assert.equal(word[0], word[1]);
      assert.equal(word[2], 1);
    }));

  test('nothing is kept where that is not wanted, or cannot be', () =>
    inPage(async (run) => {
      const [word, files] = await run('env.use_browser_cache = false; const word = await load(); env.use_browser_cache = true; return [word, (await kept()).files];');
      assert.match(word, /^\w+$/);
      assert.deepEqual(files, {});
    }));
});
