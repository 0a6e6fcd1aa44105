/** Models from a hub: which files are fetched, what of them is kept, and everything that networks and disks do to them. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { holding } from '../server/client.mjs';
import { sha256 } from './hub.mjs';
import { bert, ID, runner, WEIGHTS, withHub, withProfile } from './hub-support.mjs';
import { kill } from './kill.mjs';
import { cleanUp, MODULES, until } from './support.mjs';

after(cleanUp);

const WORD = 'door';
const SIZE = bert()[WEIGHTS]?.length ?? 0;
/** The paths that were asked for, without the signatures. @param {import('./hub.mjs').Hub} hub */
const paths = ({ asked }) => asked.map(({ path }) => path.replace(/\?.*$/, ''));
/** A server elsewhere has to let pages see it. @param {number} seconds */
const WAIT = (seconds) => ({ 'Retry-After': String(seconds), 'Access-Control-Expose-Headers': 'Retry-After' });
const KEPT = 'const [kept] = await models.list(); return kept ?? null;';

describe('a model on the hub', () => {
  test('only the files that are needed, from one commit, each with its hash; then nothing but the list', () =>
    withHub(async ({ hub, run }) => {
      assert.equal((await run('return load();')).word, WORD);
      const commit = 'a'.repeat(40);
      assert.deepEqual(paths(hub).sort(), [
        `/acme/bert/${WEIGHTS}`,
        `/acme/bert/resolve/${commit}/config.json`,
        `/acme/bert/resolve/${commit}/${WEIGHTS}`,
        `/acme/bert/resolve/${commit}/tokenizer.json`,
        '/api/models/acme/bert/revision/main',
      ]);
      const kept = await run(KEPT);
      assert.deepEqual(
        [kept.id, kept.source, kept.revision, kept.complete, kept.model_type],
        [`${ID}@main`, 'hub', 'main', true, 'bert'],
      );
      for (const { name, verified, sha256: found } of kept.files)
        assert.deepEqual([verified, found], [true, sha256(/** @type {Buffer} */ (bert()[name]))], name);

      hub.asked.length = 0;
      assert.equal((await run('return load();')).word, WORD);
      assert.deepEqual(paths(hub), ['/api/models/acme/bert/revision/main']);
    }));

  test('without a connection the kept copy is used, and that is said', () =>
    withHub(async ({ hub, run }) => {
      await run('return load();');
      hub.setReachable(false);
      const { word, warnings } = await run('return load();');
      assert.deepEqual([word, warnings], [WORD, ['offline']]);
    }));

  test('another commit takes the place of the old one, also when it is named', () =>
    withHub(async ({ hub, run }) => {
      await run('return load();');
      const changed = { ...bert(), 'config.json': Buffer.from(`${bert()['config.json']}\n`) };
      hub.models[ID] = { files: changed, commit: 'c'.repeat(40) };
      hub.asked.length = 0;
      assert.equal((await run('return load();')).word, WORD);
      assert.deepEqual(
        paths(hub).filter((path) => path.includes('resolve')),
        [`/acme/bert/resolve/${'c'.repeat(40)}/config.json`],
        'weights of the same hash are not fetched again',
      );
      assert.equal((await run(`return load('${ID}@${'c'.repeat(40)}');`)).word, WORD);
      const missing = await run(`return load('${ID}@v9');`);
      assert.equal(missing.code, 'not_found');
      assert.match(missing.message, /revision v9/);
    }));

  test('a mirror without lists is asked for one file after the other', () =>
    withHub(async ({ hub, run }) => {
      hub.listing = false;
      assert.equal((await run('return load();')).word, WORD);
      assert.equal((await run(KEPT)).files.find((/** @type {any} */ file) => file.name === WEIGHTS).verified, false);
      const before = hub.sentOf(WEIGHTS);
      assert.equal((await run('return load();')).word, WORD);
      assert.ok(hub.sentOf(WEIGHTS) - before < SIZE, 'the version is asked for and the rest given up');
    }));

  test('a gated one says so; a token opens it and goes to the hub alone', () =>
    withHub(async ({ hub, run }) => {
      hub.models[ID] = { files: bert(), gated: 'hf_secret' };
      const closed = await run('return load();');
      assert.equal(closed.code, 'gated');
      assert.match(closed.message, /Accept the model’s conditions, then give a token/);
      const wrong = await run("return load(undefined, { token: 'hf_other' });");
      assert.equal(wrong.code, 'gated');
      assert.match(wrong.message, /token given does not open it/);
      assert.equal((await run("return load(undefined, { token: 'hf_secret' });")).word, WORD);
      assert.ok(hub.asked.some(({ at, authorization }) => at === 'hub' && authorization === 'Bearer hf_secret'));
      assert.ok(hub.asked.filter(({ at }) => at === 'files').length > 0);
      for (const { at, authorization } of hub.asked) if (at === 'files') assert.equal(authorization, undefined);
      assert.doesNotMatch(JSON.stringify(await run(KEPT)), /hf_secret/);
    }));

  test('one that is not there', () =>
    withHub(async ({ run }) => {
      const { code, message } = await run("return load('acme/nothing');");
      assert.equal(code, 'not_found');
      assert.match(message, /no model acme\/nothing, or it is private/);
    }));
});

describe('a bad connection', () => {
  test('cut in the middle: each new connection goes on where the last one broke', () =>
    withHub(async ({ hub, run }) => {
      hub.fault = ({ count }) => (count % 3 === 0 ? undefined : { cut: 3_000_000 });
      assert.equal((await run('return load();')).word, WORD);
      assert.ok(hub.asked.filter(({ at }) => at === 'files').length >= 3);
      const starts = hub.asked
        .filter(({ at }) => at === 'files')
        .map(({ range }) => Number(/\d+/.exec(range ?? 'bytes=0-')?.[0]));
      for (const [index, start] of starts.entries())
        assert.ok(index === 0 || start >= (starts[index - 1] ?? 0), `none goes back: ${starts}`);
      assert.ok((starts.at(-1) ?? 0) > 0);
      assert.equal(
        (await run(KEPT)).files.every((/** @type {any} */ file) => file.verified),
        true,
      );
    }));

  test('cut, by a server that gives no parts', () =>
    withHub(async ({ hub, run }) => {
      hub.fault = ({ count }) => ({ whole: true, ...(count === 1 && { cut: 3_000_000 }) });
      assert.equal((await run('return load();')).word, WORD);
    }));

  test('it never comes back: said, and what has arrived is kept for the next time', () =>
    withHub(async ({ hub, run }) => {
      hub.fault = ({ range }) => ({ cut: range === undefined ? 5_000_000 : 0 });
      const { code, message } = await run('return load();');
      assert.equal(code, 'network');
      assert.match(message, /Check the connection and try again/);
      const part = (await run(KEPT)).files.find((/** @type {any} */ file) => file.name === WEIGHTS);
      // Browsers drop what has come but was not read yet when a connection breaks.
      assert.ok(
        !part.complete && part.bytes === SIZE && part.kept_bytes > 0 && part.kept_bytes <= 5_000_000,
        JSON.stringify(part),
      );
      hub.fault = () => undefined;
      hub.asked.length = 0;
      assert.equal((await run('return load();')).word, WORD);
      assert.deepEqual(
        hub.asked.filter(({ at }) => at === 'files').map(({ range }) => range),
        [`bytes=${part.kept_bytes}-`],
        'from the byte where it stopped',
      );
    }));

  test('429: waits as long as it is asked to, if that is not too long', () =>
    withHub(async ({ hub, run }) => {
      hub.fault = ({ count }) => (count === 1 ? { status: 429, headers: WAIT(1) } : undefined);
      const { word, told } = await run('return load();');
      assert.equal(word, WORD);
      assert.ok(
        told.some((/** @type {any} */ one) => one.status === 'waiting' && /The server asks to wait/.test(one.message)),
      );
      await run(`return models.delete('${ID}@main');`);
      hub.fault = () => ({ status: 429, headers: WAIT(3600) });
      const limited = await run('return load();');
      assert.equal(limited.code, 'rate_limited');
      assert.match(limited.message, /Wait some minutes/);
    }));

  test('packed on the way', () =>
    withHub(async ({ hub, run }) => {
      hub.fault = () => ({ gzip: true });
      assert.equal((await run('return load();')).word, WORD);
      hub.listing = false;
      await run(`return models.delete('${ID}@main');`);
      assert.equal((await run('return load();')).word, WORD, 'and without a list, where no length is known');
    }));

  test('paused, resumed, stopped', () =>
    withHub(async ({ hub, run }) => {
      hub.fault = () => ({ rate: 8_000_000 });
      const { word, statuses, held, moved } = await run(`
        const control = new LoadControl();
        let paused = false;
        let held = 0;
        let moved = 0;
        const loading = load(undefined, { control, progress_callback: ({ status, file, loaded }) => {
          if (file !== '${WEIGHTS}') return;
          if (status === 'progress' && held && control.paused) moved++;
          if (status === 'paused') held = loaded;
          if (status === 'progress' && loaded > 1e6 && !paused) { paused = true; control.pause(); }
        } });
        while (!held) await new Promise((resolve) => setTimeout(resolve, 20));
        await new Promise((resolve) => setTimeout(resolve, 300));
        control.resume();
        const { word, told } = await loading;
        return { word, held, moved, statuses: told.map(({ status }) => status) };`);
      assert.equal(word, WORD);
      assert.ok(held > 1e6 && held < SIZE, String(held));
      assert.ok(statuses.includes('paused'));
      assert.equal(moved, 0, 'nothing comes while it is paused');

      await run(`return models.delete('${ID}@main');`);
      const stopped = await run(`
        const abort = new AbortController();
        return load(undefined, { signal: abort.signal, progress_callback: ({ file, loaded }) => file === '${WEIGHTS}' && loaded > 12e6 && abort.abort() });`);
      assert.equal(stopped.code, 'aborted');
      const part = (await run(KEPT)).files.find((/** @type {any} */ file) => file.name === WEIGHTS);
      assert.ok(part.kept_bytes > 1e6 && !part.complete, JSON.stringify(part));
    }));
});

describe('wrong bytes', () => {
  const spoiled = () => {
    const bytes = Buffer.from(/** @type {Buffer} */ (bert()[WEIGHTS]));
    bytes[bytes.length - 1000] = /** @type {number} */ (bytes[bytes.length - 1000]) ^ 1;
    return bytes;
  };

  test('once: fetched again, and only the right ones are kept', () =>
    withHub(async ({ hub, run }) => {
      hub.fault = ({ count }) => (count === 1 ? { body: spoiled() } : undefined);
      assert.equal((await run('return load();')).word, WORD);
      const { good } = await run(`return models.verify('${ID}@main');`);
      assert.equal(good, true);
    }));

  test('always: refused, and nothing of them kept', () =>
    withHub(async ({ hub, run }) => {
      const body = spoiled();
      hub.fault = () => ({ body });
      const { code, message } = await run('return load();');
      assert.equal(code, 'hash_mismatch');
      assert.match(message, /its hash is another one\. It was not used/);
      assert.equal(
        (await run(KEPT)).files.some((/** @type {any} */ file) => file.name === WEIGHTS),
        false,
      );
    }));

  test('another length', () =>
    withHub(async ({ hub, run }) => {
      const body = /** @type {Buffer} */ (bert()[WEIGHTS]).subarray(0, 1_000_000);
      hub.fault = () => ({ body });
      const { code, message } = await run('return load();');
      assert.equal(code, 'hash_mismatch');
      assert.match(message, new RegExp(`1000000 bytes instead of ${SIZE}`));
    }));

  test('on the disk: found by verify, and fetched anew', () =>
    withHub(async ({ run }) => {
      await run('return load();');
      const { good, files, left } = await run(`
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('cloze');
        for await (const [name, handle] of folder) {
          if (name.endsWith('.json') || (await handle.getFile()).size < 1e7) continue;
          const writable = await handle.createWritable({ keepExistingData: true });
          await writable.write({ type: 'write', position: 12e6, data: new Uint8Array([1, 2, 3]) });
          await writable.close();
        }
        const told = [];
        const { good, files } = await models.verify('${ID}@main', { on_progress: (progress) => told.push(progress) });
        const [left] = await models.list();
        return { good, files: Object.fromEntries(files.map(({ name, result }) => [name, result])), left: left.files.map(({ name }) => name), told };`);
      assert.equal(good, false);
      assert.deepEqual(files, { 'config.json': 'good', 'tokenizer.json': 'good', [WEIGHTS]: 'damaged' });
      assert.deepEqual(left, ['config.json', 'tokenizer.json']);
      assert.equal((await run('return load();')).word, WORD);
    }));
});

describe('storage', () => {
  const NO_FILES =
    "navigator.storage.getDirectory = () => Promise.reject(new DOMException('private', 'SecurityError'));";

  test('without files: in the Cache API, with all that files can do', () =>
    withHub(async ({ hub, run }) => {
      // By the range, not by the count: Chromium asks again by itself where a connection ends before the answer.
      hub.fault = ({ range }) => ({ cut: range === undefined ? 9_000_000 : 0 });
      assert.equal((await run('return load();')).code, 'network');
      const part = (await run(KEPT)).files.find((/** @type {any} */ file) => file.name === WEIGHTS);
      assert.ok(part.kept_bytes > 0, JSON.stringify(part));
      hub.fault = () => undefined;
      hub.asked.length = 0;
      assert.equal((await run('return load();')).word, WORD);
      assert.deepEqual(
        hub.asked.filter(({ at }) => at === 'files').map(({ range }) => range),
        [`bytes=${part.kept_bytes}-`],
      );
      hub.setReachable(false);
      assert.equal((await run('return load();')).word, WORD);
      const { kind, good, left } = await run(`
          const { kind } = await models.estimate();
          const { good } = await models.verify('${ID}@main');
          await models.delete('${ID}@main');
          return { kind, good, left: await models.list() };`);
      assert.deepEqual([kind, good, left], ['cache', true, []]);
    }, NO_FILES));

  test('without any: from memory, and that is said', () => {
    const nothing = `${NO_FILES} caches.open = () => Promise.reject(new DOMException('private', 'SecurityError'));`;
    return withHub(async ({ run }) => {
      const { word, warnings } = await run('return load();');
      assert.deepEqual([word, warnings], [WORD, ['no_storage']]);
      assert.deepEqual(await run('return [await models.list(), (await models.estimate()).kind];'), [[], 'memory']);
    }, nothing);
  });

  test('a refused quota: from memory, said, and what was there stays', () =>
    withHub(async ({ page, run }) => {
      const session = await page.context().newCDPSession(page);
      const origin = new URL(page.url()).origin;
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3_000_000 });
      const { word, warnings } = await run('return load();');
      assert.deepEqual([word, warnings], [WORD, ['quota']]);
      assert.deepEqual(
        (await run(KEPT)).files.map((/** @type {any} */ file) => file.name),
        ['config.json', 'tokenizer.json'],
      );
    }));

  test('a disk that fills up in the middle', () =>
    withHub(async ({ page, hub, run }) => {
      const session = await page.context().newCDPSession(page);
      const origin = new URL(page.url()).origin;
      const { hold, release } = holding(4_000_000);
      hub.fault = () => ({ hold });
      const loading = run('return load();');
      await until('some bytes', async () => hub.sentOf(WEIGHTS) >= 4_000_000);
      await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 });
      release();
      const { word, warnings } = await loading;
      assert.deepEqual([word, warnings], [WORD, ['quota']]);
      assert.deepEqual(
        (await run(KEPT)).files.map((/** @type {any} */ file) => file.name),
        ['config.json', 'tokenizer.json'],
      );
    }));

  test('what is being fetched cannot be deleted; a list follows from another tab', () =>
    withHub(async ({ page, hub, run }) => {
      const site = new URL(`/${MODULES}`, page.url()).href;
      const other = await page.context().newPage();
      await other.goto(page.url());
      const { hold, release } = holding(8_000_000);
      hub.fault = () => ({ rate: 8_000_000, hold });
      const loading = run('return load();');
      const follow = runner(other, site, hub);
      const heard = follow(`let heard = 0; const stop = models.on_change(() => heard++);
        for (let tries = 0; tries < 600; tries++) { const [kept] = await models.list(); if (kept?.complete && kept.files.length === 3) { stop(); return heard; } await new Promise((resolve) => setTimeout(resolve, 50)); }`);
      await until('some bytes', async () => hub.sentOf(WEIGHTS) > 6_000_000);
      assert.equal(
        await follow(`return models.delete('${ID}@main').then(() => 'deleted', (error) => error.code);`),
        'in_use',
      );
      release();
      await loading;
      assert.ok((await heard) > 2);
      assert.equal(await follow(`await models.delete('${ID}@main'); return (await models.list()).length;`), 0);
      assert.equal(await follow(`return models.verify('${ID}@main').catch((error) => error.code);`), 'not_found');
    }));
});

describe('several tabs', () => {
  test('one fetches, the other waits and reads what came', () =>
    withHub(async ({ page, hub, run }) => {
      const other = await page.context().newPage();
      await other.goto(page.url());
      const { hold, release } = holding(1_000_000);
      hub.fault = () => ({ hold });
      const first = run('return load();');
      await until('some bytes', async () => hub.sentOf(WEIGHTS) >= 1_000_000);
      const loading = runner(
        other,
        new URL(`/${MODULES}`, page.url()).href,
        hub,
      )("return load(undefined, { progress_callback: ({ status }) => { window.waits ||= status === 'waiting'; } });");
      await until('the other to wait', () => other.evaluate('window.waits'));
      release();
      const second = await loading;
      assert.equal((await first).word, WORD);
      assert.equal(second.word, WORD);
      assert.ok(
        second.told.some(
          (/** @type {any} */ one) => one.status === 'waiting' && /Another tab is fetching/.test(one.message),
        ),
      );
      assert.equal(hub.sentOf(WEIGHTS), SIZE);
    }));

  test('the first is closed: the other goes on from where it stopped', () =>
    withHub(async ({ page, hub }) => {
      const site = new URL(`/${MODULES}`, page.url()).href;
      const [first, second] = [await page.context().newPage(), await page.context().newPage()];
      for (const one of [first, second]) await one.goto(page.url());
      const { hold } = holding(9_000_000);
      hub.fault = ({ count }) => (count === 1 ? { rate: 4_000_000, hold } : undefined);
      const gone = runner(first, site, hub)('return load();').catch(() => 'closed');
      await until('some bytes', async () => hub.sentOf(WEIGHTS) > 8_000_000);
      const loading = runner(second, site, hub)('return load();');
      await until(
        'the other to wait',
        async () => hub.asked.filter(({ path }) => path.startsWith('/api/')).length === 2,
      );
      await first.close();
      assert.equal(await gone, 'closed');
      assert.equal((await loading).word, WORD);
      const [, resumed] = hub.asked.filter(({ at }) => at === 'files');
      assert.match(resumed?.range ?? '', /^bytes=[1-9]\d{6,}-$/, 'not from the beginning');
    }));
});

describe('a browser that is killed', () => {
  test('goes on at the byte where it stopped', () =>
    withHub(({ hub }) =>
      withProfile(hub, async (start) => {
        const { hold } = holding(9_000_000);
        hub.fault = ({ count }) => (count === 1 ? { rate: 4_000_000, hold } : undefined);
        const { context, run } = await start();
        const gone = run('return load();').catch(() => 'killed');
        await until('some noted bytes', async () =>
          (await run(KEPT))?.files.some(
            (/** @type {any} */ file) => file.name === WEIGHTS && file.kept_bytes > 2_000_000,
          ),
        );
        await kill(context);
        assert.equal(await gone, 'killed');

        const again = await start();
        const part = (await again.run(KEPT)).files.find((/** @type {any} */ file) => file.name === WEIGHTS);
        assert.ok(part.kept_bytes > 2_000_000 && !part.complete, JSON.stringify(part));
        assert.equal((await again.run('return load();')).word, WORD);
        const ranges = hub.asked.filter(({ at }) => at === 'files').map(({ range }) => range);
        assert.deepEqual(ranges, [undefined, `bytes=${part.kept_bytes}-`]);
        assert.equal((await again.run(`return models.verify('${ID}@main');`)).good, true);
        await again.context.close();
      }),
    ));
});
