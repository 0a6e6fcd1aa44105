/** Runs of `cloze/training` on the real training core: kept, killed, gone on with, and used as any other model. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { crash, kill } from './kill.mjs';
import { BLANK, cleanUp, launchProfile, LONG, open, ROOT, servingPackages } from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */

const BUILDS = /** @type {const} */ (['simd128', 'relaxed-simd', 'relaxed-simd-threads']);

after(cleanUp);

/** What each script begins with: a host, a text of 300 sentences, and settings of some milliseconds a step. */
const prelude = (/** @type {string} */ site) => `
  const { openTraining } = await import('${site}training.js');
  const { pipeline } = await import('${site}index.js');
  const code = (promise) => promise.then(() => 'none', (error) => error.code);
  const sha = async (file) => {
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const bits = async (run) => sha((await run.folder()).find(({ name }) => name === 'model.safetensors'));
  const until = (run, type) => new Promise((resolve, reject) => run.on_event((event) => {
    if (event.type === type) resolve(event);
    if (event.type === 'error') reject(event.error);
  }));
  const who = ['The king', 'A fox', 'Her sister', 'The old man', 'One soldier', 'The miller'];
  const did = ['went into the forest', 'found a golden key', 'said nothing more', 'sat down by the well', 'opened the door'];
  const why = ['because it was late', 'and was never seen again', 'as the moon came up', 'to rest a while'];
  const text = Array.from({ length: 300 }, (_, n) =>
    who[n * 7 % 6] + ' ' + did[n * 11 % 5] + ' ' + why[n * 13 % 4] + '.' + (n % 10 === 9 ? '\\n\\n' : ' ')).join('');
  const small = async (host, architecture, change = {}) => ({
    ...(await host.default_settings(architecture, 'small')),
    vocab_size: 300, hidden_size: 32, num_layers: 1, num_heads: 2, context: 16, batch_size: 4, steps: 30, ...change,
  });
`;

/** Runs the body of an async function behind the prelude. @param {Page} page @param {string} site @param {string} script */
const inPage = (page, site, script) => page.evaluate(`(async () => { ${prelude(site)} ${script} })()`);

/** An empty page of the site. @param {string} site @param {string} [expected] what the console may say */
const openPage = (site, expected = 'favicon') =>
  open(`${site}${BLANK}`, { expected: new RegExp(`favicon|${expected}`, 'u') });

describe('runs', () => {
  /** @type {string} */
  let site;
  before(async () => {
    site = await servingPackages();
  });

  for (const build of BUILDS)
    test(`${build}: each architecture learns, and its curves begin above their end`, async () => {
      const { page, close } = await openPage(site);
      const answer = await inPage(
        page,
        site,
        `const host = await openTraining({ build: '${build}' });
         const all = {};
         for (const architecture of ['gpt', 'bert', 'elmo', 'xlnet']) {
           const probe = 'The king went into the [MASK].';
           const run = await host.run(await small(host, architecture), text, { evaluate_every: 10, sample_every: 15, sample: { prompt: 'The king', probe } });
           const over = until(run, 'over');
           await run.start();
           await over;
           const { steps, evaluations, samples } = run.history;
           all[architecture] = {
             steps: steps.length,
             learnt: evaluations.at(-1).loss < evaluations[0].loss,
             evaluations: evaluations.map(({ step }) => step),
             samples: samples.map(({ step, kind }) => [step, kind]),
             files: (await run.folder()).map(({ name }) => name).sort(),
           };
           await run.close();
         }
         const { build, threads } = host.runtime;
         await host.close();
         return { build, threaded: threads > 1, all };`,
      );
      const common = { steps: 30, learnt: true, evaluations: [1, 10, 20, 30] };
      const files = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
      const samples = (/** @type {string} */ kind) => [1, 15, 30].map((step) => [step, kind]);
      assert.deepEqual(answer, {
        build,
        threaded: build === 'relaxed-simd-threads',
        all: {
          gpt: { ...common, samples: samples('text'), files },
          bert: { ...common, samples: samples('probe'), files },
          elmo: { ...common, samples: samples('text'), files },
          xlnet: { ...common, samples: samples('probe'), files },
        },
      });
      await close();
    });

  test('a trained folder is a model as any other, and one file to download', async () => {
    const { page, close } = await openPage(site);
    const answer = await inPage(
      page,
      site,
      `const { zipFolder } = await import('${site}training.js');
       const host = await openTraining();
       const run = await host.run(await small(host, 'gpt'), text, { name: 'Tales: of foxes' });
       await run.step();
       const files = await run.folder();
       const generate = await pipeline('text-generation', files);
       const [{ tokens }] = await generate('The king', { max_new_tokens: 5, seed: 1 });
       const bert = await host.run(await small(host, 'bert'), text);
       await bert.step();
       const unmask = await pipeline('fill-mask', await bert.folder());
       const [{ token_str }] = await unmask('The king went into the [MASK].');
       const zip = new Uint8Array(await (await zipFolder(files)).arrayBuffer());
       return {
         written: tokens.length,
         word: typeof token_str,
         paths: files.map(({ webkitRelativePath }) => webkitRelativePath),
         zip: String.fromCharCode(...zip.slice(0, 2)),
         bytes: zip.length > files.reduce((sum, { size }) => sum + size, 0),
       };`,
    );
    assert.deepEqual(answer, {
      written: 5,
      word: 'string',
      paths: ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'].map(
        (name) => `Tales- of foxes/${name}`,
      ),
      zip: 'PK',
      bytes: true,
    });
    await close();
  });

  test('what learns from a model: fine-tuning, chat and ELMo tagging, kept and used', async () => {
    const { page, close } = await openPage(site);
    const answer = await inPage(
      page,
      site,
      `const host = await openTraining();
       const described = await host.describe('bert');
       const labels = ['fox', 'king'];
       const examples = Array.from({ length: 20 }, (_, n) => ({ text: n % 2 ? 'The king sat on his throne ' + n : 'A fox ran into the forest ' + n, label: labels[n % 2] }));
       const tune = await host.fine_tune('bert', { labels, examples }, { task: 'text-classification', trained_layers: 0, epochs: 2 });
       let prepared = 0;
       tune.on_event((event) => event.type === 'preparing' && (prepared = event.done / event.total));
       let over = until(tune, 'over');
       await tune.start();
       await over;
       const { labels: said } = await tune.predict({ text: 'The king spoke.' });
       const id = await tune.keep('Foxes and kings');
       await tune.close();
       const classify = await pipeline('text-classification', await host.folder(id));
       const [{ label, score }] = await classify('The king spoke.');
       const best = said.reduce((a, b) => (a.score > b.score ? a : b));
       const run = await host.run(await small(host, 'gpt', { context: 64 }), text);
       await run.step();
       await run.close();
       const chat = await host.chat({ run: run.id }, { epochs: 1, max_length: 64 });
       const pairs = [{ prompt: 'Who?', chosen: 'The king.', rejected: 'A fox.' }];
       for (const [phase, given] of [['supervised', [{ prompt: 'Who?', response: 'The king.' }]], ['reward', pairs], ['preference', pairs]]) {
         await chat[phase](given);
         over = until(chat, 'over');
         await chat.start();
         await over;
       }
       const elmo = await host.run(await small(host, 'elmo'), text);
       await elmo.step();
       const words = { labels: ['other', 'who'], examples: ['The king went', 'A fox said', 'The fox sat', 'A king said', 'The king sat'].map((of) => ({ words: of.split(' '), labels: ['other', 'who', 'other'] })) };
       const tagger = await host.elmo_tagger(await elmo.folder(), words, { epochs: 2 });
       over = until(tagger, 'over');
       await tagger.start();
       await over;
       const { s } = await tagger.mix();
       const answer = {
         described,
         prepared,
         evaluations: tune.history.evaluations.length,
         same: label === best.label && Math.abs(score - best.score) < 0.05,
         models: (await host.models()).map(({ name }) => name),
         phases: chat.history.map(({ phase, steps }) => [phase, steps.length > 0]),
         score: typeof (await chat.score('Who?', 'The king.')),
         mix: [s.length, Math.round(1000 * s.reduce((sum, one) => sum + one))],
         twice: (await tagger.vectors(['The king went', 'A king said'], 'king')).occurrences.length,
       };
       await host.close();
       return answer;`,
    );
    const config = JSON.parse(readFileSync(`${ROOT}models/bert/config.json`, 'utf8'));
    assert.deepEqual(answer, {
      described: { model_type: 'bert', num_layers: config.num_hidden_layers, hidden_size: config.hidden_size },
      prepared: 1,
      evaluations: 2,
      same: true,
      models: ['Foxes and kings'],
      phases: [
        ['supervised', true],
        ['reward', true],
        ['preference', true],
      ],
      score: 'number',
      mix: [2, 1000],
      twice: 2,
    });
    await close();
  });

  test('what the core refuses is an error with its facts', async () => {
    const { page, close } = await openPage(site);
    const answer = await inPage(
      page,
      site,
      `const host = await openTraining({ threads: 1 });
       const settings = await small(host, 'gpt');
       const asked = async (promise) => promise.catch(({ code, details }) => [code, details.setting ?? details.needed > 0]);
       return [
         await asked(host.run({ ...settings, num_heads: 3 }, text)),
         await asked(host.run(settings, 'Too short.')),
         await asked(host.cost({ ...settings, context: 1e6 })),
         await code(host.resume('none')),
         await code(host.run(settings, text).then((run) => run.probe('[MASK]'))),
       ];`,
    );
    assert.deepEqual(answer, [
      ['invalid_setting', 'num_heads'],
      ['text_too_short', true],
      ['invalid_setting', 'context'],
      'not_found',
      'no_probes',
    ]);
    await close();
  });

  test('one tab has a run: another one reads it, and has it once it is closed', async () => {
    const { page, close } = await openPage(site);
    const other = await page.context().newPage();
    await other.goto(`${site}${BLANK}`);
    await page.evaluate(`(async () => { ${prelude(site)}
      const host = await openTraining({ threads: 1 });
      globalThis.run = await host.run(await small(host, 'gpt'), text, { name: 'Mine' });
      await run.step();
      await run.save();
    })()`);
    const refused = await inPage(
      other,
      site,
      `const host = await openTraining({ threads: 1 });
       const [{ id, name, open, steps }] = await host.runs();
       return { name, open, steps, resume: await code(host.resume(id)), remove: await code(host.remove(id)), read: (await host.history(id)).steps.length };`,
    );
    assert.deepEqual(refused, { name: 'Mine', open: true, steps: 1, resume: 'in_use', remove: 'in_use', read: 1 });
    await page.evaluate('run.close()');
    const taken = await inPage(
      other,
      site,
      `const host = await openTraining({ threads: 1 });
       const [{ id }] = await host.runs();
       const run = await host.resume(id);
       const { step } = await run.step();
       await run.close();
       await host.remove(id);
       return [step, (await host.runs()).length];`,
    );
    assert.deepEqual(taken, [1, 0]);
    await close();
  });

  test('a full disk: the run goes on, says so, and is kept again once there is room', async () => {
    const { page, close } = await openPage(site);
    const session = await page.context().newCDPSession(page);
    const origin = new URL(site).origin;
    await page.evaluate(`(async () => { ${prelude(site)}
      const host = await openTraining({ threads: 1 });
      globalThis.told = [];
      globalThis.host = host;
      globalThis.run = await host.run(await small(host, 'gpt'), text, { save_every: 0 });
      run.on_event((event) => told.push(event.type === 'unsaved' ? event.error.code : event.type));
      await run.step();
    })()`);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1000 });
    const full = await page.evaluate(`(async () => {
      told.length = 0;
      for (let step = 0; step < 3; step++) await run.step();
      return { full: told.includes('storage_full'), state: run.state, steps: run.steps_done };
    })()`);
    assert.deepEqual(full, { full: true, state: 'paused', steps: 4 });
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    const kept = await page.evaluate(`(async () => {
      await run.step();
      const [{ steps, id }] = await host.runs();
      return { steps, points: (await host.history(id)).steps.length };
    })()`);
    assert.deepEqual(kept, { steps: 5, points: 5 });
    await close();
  });

  test('a tab that is left goes on, or rests', async () => {
    const { page, close } = await openPage(site);
    const answer = await inPage(
      page,
      site,
      `const host = await openTraining();
       let seen = 'visible';
       Object.defineProperty(document, 'visibilityState', { get: () => seen });
       const see = (state) => { seen = state; document.dispatchEvent(new Event('visibilitychange')); };
       const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
       const when = async (test) => { while (!test()) await rest(20); return true; };
       const run = await host.run(await small(host, 'gpt', { steps: 100000 }), text, { save_every: 1000 });
       await run.start();
       const saved = until(run, 'saved');
       see('hidden');
       const left = (await saved).step;
       const wentOn = await when(() => run.steps_done > left);
       see('visible');
       await run.change_plan({ when_hidden: 'pause' });
       see('hidden');
       await when(() => run.state === 'paused');
       const rested = [run.state, run.steps_done];
       await rest(300);
       const still = run.steps_done === rested[1];
       see('visible');
       await when(() => run.steps_done > rested[1]);
       return { wentOn, state: rested[0], still, again: run.state, more: run.steps_done > rested[1] };`,
    );
    assert.deepEqual(answer, { wentOn: true, state: 'paused', still: true, again: 'running', more: true });
    await close();
  });
});

describe('killed', () => {
  const folder = mkdtempSync(`${tmpdir()}/cloze-training-`);
  after(() => rmSync(folder, { recursive: true, force: true }));

  test(
    '20 times at random, a run ends with the same bits as one that nobody disturbed',
    { timeout: 5 * LONG },
    async () => {
      const site = await servingPackages();
      const at = `${site}${BLANK}`;
      let context = await launchProfile(folder);
      let page = await context.newPage();
      await page.goto(at);
      const settings = `await small(host, 'gpt', { steps: 2000, dropout: 0.1 })`;
      const undisturbed = await inPage(
        page,
        site,
        `const host = await openTraining();
       const run = await host.run(${settings}, text, { save_every: 1000 });
       const start = performance.now();
       const over = until(run, 'over');
       await run.start();
       await over;
       const ms = performance.now() - start;
       const sum = await bits(run);
       await run.close();
       await host.remove(run.id);
       return { sum, ms, points: run.history.steps.length };`,
      );
      const { sum, ms, points } = /** @type {{ sum: string, ms: number, points: number }} */ (undisturbed);
      assert.equal(points, 2000);
      /** What was kept when each tab was opened. @type {number[]} */
      const resumed = [];
      for (let killed = 0; killed <= 20; killed++) {
        // Not the tab that is killed, as Chromium would wait for it.
        const done = page.evaluate(`(async () => { ${prelude(site)}
        const host = await openTraining();
        const [kept] = await host.runs();
        const options = { save_every: 0.05 };
        const run = kept ? await host.resume(kept.id, options) : await host.run(${settings}, text, options);
        const over = until(run, 'over');
        globalThis.steps = run.steps_done;
        await run.start();
        if (${killed === 20}) await over;
        return { steps, sum: ${killed === 20} ? await bits(run) : '', points: run.history.steps.map(({ step }) => step) };
      })()`);
        const {
          steps,
          sum: last,
          points,
        } = /** @type {{ steps: number, sum: string, points: number[] }} */ (await done);
        resumed.push(steps);
        if (killed === 20) {
          assert.equal(last, sum, 'the bits differ');
          assert.deepEqual(points, [...Array(2000).keys()]);
          break;
        }
        // So that about all of the run is left for the 20 tabs.
        await new Promise((resolve) => setTimeout(resolve, (Math.random() * 1.6 * ms) / 20));
        if (killed % 5 === 4) {
          await kill(context);
          context = await launchProfile(folder);
        } else if (killed % 2 === 0) {
          await page.close();
        } else {
          await crash(page);
        }
        page = await context.newPage();
        await page.goto(at);
      }
      assert.ok((resumed.at(-1) ?? 0) > 0, 'nothing was kept');
      assert.deepEqual(
        resumed,
        [...resumed].sort((a, b) => a - b),
      );
      console.log(`undisturbed ${Math.round(ms)} ms; resumed at ${resumed.join(', ')}`);
      await context.close();
    },
  );
});
