/** What learns from a model, on the real training core: killed at random and gone on with, to the same bits. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, describe, test } from 'node:test';
import { crash, kill } from './kill.mjs';
import { BLANK, cleanUp, launchProfile, LONG, servingPackages } from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** Tabs that are killed for each kind. */
const KILLS = 6;

after(cleanUp);

/** What each script begins with: a host, small models to start from, and each kind with all that it does. */
const prelude = (/** @type {string} */ site) => `
  const { openTraining } = await import('${site}training.js');
  const sha = async (file) => {
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    return Array.from(sum, (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const bits = async (one) => sha((await one.folder()).find(({ name }) => name === 'model.safetensors'));
  const until = (one, type) => new Promise((resolve, reject) => one.on_event((event) => {
    if (event.type === type) resolve(event);
    if (event.type === 'error') reject(event.error);
  }));
  const text = Array.from({ length: 300 }, (_, n) =>
    ['The king', 'A fox', 'Her sister'][n % 3] + ' ' + ['found a golden key', 'sat down by the well'][n * 7 % 2] + '. ').join('');
  const base = async (host, architecture) => {
    const [run] = (await host.runs()).filter(({ settings }) => settings.architecture === architecture);
    if (run) return { run: run.id };
    const settings = { ...(await host.default_settings(architecture, 'small')), vocab_size: 300, hidden_size: 32, num_layers: 2, num_heads: 2, context: 64, batch_size: 4 };
    const made = await host.run(settings, text);
    await made.step();
    await made.close();
    return { run: made.id };
  };
  const all = async (one) => {
    if (one.state === 'over') return;
    const over = until(one, 'over');
    await one.start();
    await over;
  };
  const labels = ['other', 'who'];
  const sentences = Array.from({ length: 30 }, (_, n) => ['The king went ' + n, 'A fox sat ' + n][n % 2]);
  const pairs = Array.from({ length: 12 }, (_, n) => ({ prompt: 'Who ' + n + '?', chosen: 'The king ' + n, rejected: 'A fox' }));
  const kinds = {
    'fine-tuning': {
      make: async (host, options) => {
        const examples = sentences.map((text, n) => ({ text, label: labels[n % 2] }));
        return host.fine_tune(await base(host, 'bert'), { labels, examples }, { task: 'text-classification', trained_layers: 1, epochs: 100, batch_size: 4 }, options);
      },
      resume: (host, id) => host.resume_fine_tune(id),
      learn: all,
    },
    chat: {
      make: async (host, options) => host.chat(await base(host, 'gpt'), { epochs: 40, max_length: 48 }, options),
      resume: (host, id) => host.resume_chat(id),
      learn: async (chat) => {
        const left = chat.history.length === 0 ? true : (await chat.info()).phase.steps_done >= chat.phase.steps;
        if (!left) await all(chat);
        for (const phase of ['supervised', 'reward', 'preference'].slice(chat.history.length)) {
          await chat[phase](phase === 'supervised' ? pairs.map(({ prompt, chosen: response }) => ({ prompt, response })) : pairs);
          await all(chat);
        }
      },
    },
    tagger: {
      make: async (host, options) => {
        const examples = sentences.map((of) => ({ words: of.split(' '), labels: ['other', 'who', 'other', 'other'] }));
        return host.elmo_tagger(await base(host, 'elmo'), { labels, examples }, { epochs: 200, batch_size: 4 }, options);
      },
      resume: (host, id) => host.resume_elmo_tagger(id),
      learn: all,
    },
  };
`;

/** Runs the body of an async function behind the prelude. @param {Page} page @param {string} site @param {string} script */
const inPage = (page, site, script) => page.evaluate(`(async () => { ${prelude(site)} ${script} })()`);

describe('killed at random', () => {
  const folder = mkdtempSync(`${tmpdir()}/cloze-learners-`);
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const kind of ['fine-tuning', 'chat', 'tagger'])
    test(`${kind} ends with the same bits as where nobody disturbed it`, { timeout: 5 * LONG }, async () => {
      const site = await servingPackages();
      const at = `${site}${BLANK}`;
      let context = await launchProfile(folder);
      let page = await context.newPage();
      await page.goto(at);
      const { sum, ms, steps } = /** @type {{ sum: string, ms: number, steps: number }} */ (
        await inPage(
          page,
          site,
          `const host = await openTraining();
           const one = await kinds['${kind}'].make(host, { kept: false });
           const start = performance.now();
           await kinds['${kind}'].learn(one);
           const ms = performance.now() - start;
           const { history } = one;
           const steps = Array.isArray(history) ? history.flatMap(({ steps }) => steps).length : history.steps.length;
           const answer = { sum: await bits(one), ms, steps, kept: (await host.learners()).length };
           await host.close();
           return answer;`,
        )
      );
      assert.ok(steps > 100);
      for (let killed = 0; killed <= KILLS; killed += 1) {
        const last = killed === KILLS;
        // Not the tab that is killed, as Chromium would wait for it.
        const answer = await inPage(
          page,
          site,
          `const host = await openTraining();
           const [kept] = (await host.learners()).filter(({ kind }) => kind === '${kind}');
           const one = kept ? await kinds['${kind}'].resume(host, kept.id) : await kinds['${kind}'].make(host, { save_every: 0.05, metadata: { mine: true } });
           const learning = kinds['${kind}'].learn(one);
           if (!${last}) return { done: kept?.steps ?? 0 };
           await learning;
           const { history } = one;
           const points = Array.isArray(history) ? history.flatMap(({ steps }) => steps) : history.steps;
           const answer = { sum: await bits(one), steps: points.length, metadata: one.metadata, evaluated: history.evaluations?.length ?? 0 };
           await one.close();
           await host.remove(one.id);
           return { ...answer, left: (await host.learners()).length };`,
        );
        if (last) {
          const { sum: same, steps: told, metadata, left } = /** @type {any} */ (answer);
          assert.equal(same, sum, 'the bits differ');
          assert.deepEqual({ told, metadata, left }, { told: steps, metadata: { mine: true }, left: 0 });
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, (Math.random() * 1.6 * ms) / KILLS));
        if (killed % 3 === 2) {
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
      console.log(`# ${kind}: ${steps} steps, undisturbed in ${Math.round(ms)} ms`);
      await context.close();
    });
});
