/** Runs that the page saves, again by the native program `cloze`: the same bytes. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { serveHub } from './hub.mjs';
import { seededModel } from './seeded.mjs';
import {
  BLANK,
  box,
  button,
  cleanUp,
  element,
  fragment,
  MODULES,
  open,
  openSite,
  resultOf,
  ROOT,
  servingPackages,
  status,
  tab,
  until,
} from './support.mjs';

/** What the Rust tests have built; a run of this file alone builds it. */
const PROGRAM = `${ROOT}target/debug/cloze${process.platform === 'win32' ? '.exe' : ''}`;
const BUILD = ['build', '--workspace', '--quiet', '--features', 'cloze/cli,cloze/train', '--bin', 'cloze'];

const folder = mkdtempSync(join(tmpdir(), 'cloze-runs-'));

/** @param {string[]} args */
const cloze = (...args) => spawnSync(PROGRAM, args, { encoding: 'utf8', cwd: folder });
/** @param {string} path */
const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

before(() => {
  if (!existsSync(PROGRAM)) execFileSync('cargo', BUILD, { cwd: ROOT, stdio: 'inherit' });
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await cleanUp();
});

/**
 * Runs a screen and saves the run.
 * @param {string} task
 * @param {Record<string, any>} state
 * @param {string} verb
 */
async function save(task, state, verb) {
  const { page, close } = await openSite(fragment({ task, ...state }));
  const saved = await saveHere(page, task, verb);
  await close();
  return saved;
}

/** The same of the screen that is shown. @param {import('playwright-core').Page} page @param {string} task @param {string} verb */
async function saveHere(page, task, verb) {
  await resultOf(page, task, () => button(page, verb).click());
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save run').click()]);
  const file = join(folder, `${task}.json`);
  await download.saveAs(file);
  assert.equal(download.suggestedFilename(), `cloze-${task}.json`);
  assert.match(await status(page).first().innerText(), /cloze replay cloze-/u, 'how to run it again is said');
  return { file, run: JSON.parse(readFileSync(file, 'utf8')) };
}

const CASES = [
  { task: 'fill-mask', state: { text: 'The box was [MASK]: somebody had eaten all the [MASK].' }, verb: 'Predict' },
  { task: 'fill-mask', state: { text: 'The 😀 sat on the [MASK].', top_k: 3 }, verb: 'Predict' },
  ...['left-to-right', 'best-first'].map((joint) => ({
    task: 'fill-mask',
    state: { text: 'The old [MASK] lived in a small [MASK] by the sea.', joint },
    verb: 'Predict',
  })),
  {
    task: 'next-sentence',
    state: { a: 'It is raining.', b: 'Take an umbrella.', candidates: ['Cats have whiskers.'] },
    verb: 'Compare',
  },
  { task: 'generate', state: { prompt: 'Once upon a time', max_new_tokens: 24 }, verb: 'Generate' },
  {
    task: 'summarize',
    state: { document: 'The lighthouse was built in 1871. A keeper lived there.', max_new_tokens: 24 },
    verb: 'Summarize',
  },
];

describe('a saved run', () => {
  for (const { task, state, verb } of CASES) {
    test(`${task} of ${JSON.stringify(state)} replays to the same bytes`, async () => {
      const { file, run } = await save(task, state, verb);
      const writes = ['generate', 'summarize'].includes(task);
      const model = `${ROOT}models/${writes ? 'gpt' : 'bert'}`;
      assert.equal(run.model.sha256, sha256(`${model}/model.gguf`), 'the weights are named by their hash');
      if (writes) assert.equal(run.options.seed, run.result[0].seed, 'the seed that was drawn is saved');
      const again = cloze('replay', file, '--model', model);
      assert.equal(again.stdout, 'same\n', again.stderr);
      assert.equal(again.status, 0);

      assert.match(run.link, /#.*task=/u, 'a link leads back to the screen');
      // The program is no yes-man.
      const [first] = [run.result].flat(2);
      const score = writes ? 'seed' : task === 'fill-mask' ? 'score' : 'is_next';
      first[score] += writes ? 1 : Number.EPSILON;
      writeFileSync(file, JSON.stringify(run));
      const other = cloze('replay', file, '--model', model);
      assert.equal(other.status, 1, other.stderr);
      assert.match(other.stdout, new RegExp(`^not the same\nresult.*\\.${score}: saved .*, here `, 'u'));
    });
  }

  test('the program prints what the page returns', async () => {
    const text = 'She opened the [MASK] and went in.';
    const { run } = await save('fill-mask', { text, top_k: 3 }, 'Predict');
    const printed = cloze('fill-mask', text, '--top_k', '3', '--json', '--model', `${ROOT}models/bert`);
    assert.equal(printed.stdout, `${JSON.stringify(run.result)}\n`, printed.stderr);
    const wrong = cloze('replay', join(folder, 'fill-mask.json'), '--model', `${ROOT}models/gpt`);
    assert.equal(wrong.status, 1);
    assert.match(wrong.stdout, /^not the same model/u);
    assert.equal(cloze('fill-mask', 'no gap', '--model', `${ROOT}models/bert`).status, 2);
  });

  test('a run that is dropped on the page shows its screen; another file goes to the models', async () => {
    const { run } = await save('next-sentence', { a: 'It is raining.', b: 'Take an umbrella.' }, 'Compare');
    const { page, close } = await openSite(fragment({ task: 'fill-mask' }));
    const drop = (/** @type {unknown} */ value) =>
      page.evaluate((text) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], 'run.json', { type: 'application/json' }));
        dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
      }, JSON.stringify(value));
    await drop(run);
    await until('the screen', async () => (await box(page, 'Sentence A').inputValue()) === 'It is raining.');
    await drop({ model_type: 'bert' });
    await until('the models', () =>
      tab(page, 'Models')
        .getAttribute('aria-selected')
        .then((is) => is === 'true'),
    );
    await close();
  });
});

/** Fine-tuned models, by the name of their fixture, and what their screens are asked. */
const TUNED = [
  {
    task: 'answer',
    model: 'bert-qa',
    state: { question: 'who would go?', context: 'She said that he would go to the city.', top_k: 2 },
    verb: 'Answer',
  },
  { task: 'classify', model: 'roberta-sequence', state: { text: 'It is raining today.' }, verb: 'Classify' },
  ...['none', 'simple'].map((aggregation_strategy) => ({
    task: 'tag',
    model: 'distilbert-token',
    state: { text: 'Paris is the capital of France.', aggregation_strategy },
    verb: 'Tag',
  })),
];

describe('a run of a model that was fine-tuned', () => {
  const models = [...new Set(TUNED.map(({ model }) => model))].map((name) => ({
    name,
    files: seededModel(name, undefined, { quantisable: true }).files,
  }));
  const folderOf = (/** @type {string} */ name) => join(folder, name);
  /** @type {import('./hub.mjs').Hub} */
  let hub;
  /** @type {Awaited<ReturnType<typeof open>>} */
  let opened;
  before(async () => {
    hub = await serveHub(Object.fromEntries(models.map(({ name, files }) => [`acme/${name}`, { files }])));
    for (const { name, files } of models) {
      mkdirSync(folderOf(name));
      for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folderOf(name), file), bytes);
    }
    opened = await open(`${await servingPackages()}${BLANK}`, { expected: /favicon|elsewhere/ });
    await opened.page.evaluate(async ([host, modules]) => {
      const { env } = await import(`/${modules}index.js`);
      env.remote_host = host;
      await import(`/${modules}elements.js`);
      document.documentElement.lang = 'en';
    }, /** @type {const} */ ([hub.url, MODULES]));
  });
  after(async () => {
    await opened.close();
    await hub.close();
  });

  for (const { task, model, state, verb } of TUNED)
    test(`${task} of ${JSON.stringify(state)} replays to the same bytes`, async () => {
      const { page } = opened;
      await page.evaluate(
        (html) => (document.body.innerHTML = html),
        `<cloze-${task} full model="acme/${model}"></cloze-${task}>`,
      );
      await element(page, task).evaluate((node, state) => Object.assign(node, { state }), state);
      const { file, run } = await saveHere(page, task, verb);
      const again = cloze('replay', file, '--model', folderOf(model));
      assert.equal(again.stdout, 'same\n', again.stderr);
      const [first] = [run.result].flat(2);
      first.score += Number.EPSILON;
      writeFileSync(file, JSON.stringify(run));
      const other = cloze('replay', file, '--model', folderOf(model));
      assert.match(other.stdout, /^not the same\nresult.*\.score: saved .*, here /u, other.stderr);
    });

  test('vectors are the page’s, number by number', async () => {
    const text = 'It is raining today.';
    const { model: name } = TUNED[0] ?? assert.fail();
    const found = await opened.page.evaluate(
      async ([modules, model, text]) => {
        const { pipeline } = await import(`/${modules}index.js`);
        const embed = await pipeline('feature-extraction', model);
        const { dims, data } = await embed(text, { pooling: 'mean', normalize: true });
        embed.dispose();
        return { dims, data: [...data] };
      },
      /** @type {const} */ ([MODULES, `acme/${name}`, text]),
    );
    const printed = cloze('embed', text, '--pooling', 'mean', '--normalize', '--json', '--model', folderOf(name));
    assert.equal(printed.status, 0, printed.stderr);
    const { dims, data } = JSON.parse(printed.stdout);
    assert.deepEqual({ dims, data: data.map(Math.fround) }, found);
  });
});
