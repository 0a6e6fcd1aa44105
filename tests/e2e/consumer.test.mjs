/**
 * The packed package as a stranger uses it: bundled by Vite, webpack and Next.js, in React and Vue, in an extension, in a plain
 * page, in Node, and with its types.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { build } from 'vite';
import webpack from 'webpack';
import {
  box,
  button,
  cleanUp,
  launchProfile,
  LONG,
  open,
  resultOf,
  results,
  ROOT,
  serving,
  servingPlainly,
  until,
} from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */

// Inside the repository, so that Vite and TypeScript (and nothing of cloze) resolve upwards; target/ is ignored by git.
const PLACE = `${ROOT}target/consumer`;

/** What must not find this repository's packages beside its own. */
const ELSEWHERE = mkdtempSync(`${tmpdir()}/cloze-consumer-`);

/** @param {string} command @param {string[]} words @param {string} cwd @param {Record<string, string>} [env] */
const run = (command, words, cwd, env = {}) =>
  execFileSync(command, words, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });

/** The compiler's complaints. @param {string} root @param {string} [compiler] */
function complaints(root, compiler = 'typescript/bin/tsc') {
  try {
    return run('node', [`${ROOT}node_modules/${compiler}`, '-p', root], root);
  } catch (error) {
    return /** @type {{ stdout: string }} */ (error).stdout;
  }
}

before(() => {
  rmSync(PLACE, { recursive: true, force: true });
  mkdirSync(PLACE, { recursive: true });
  // --ignore-scripts: what is packed is what `cargo xtask build` left, not what npm would build again.
  const packed = ['pkg', 'models'].map((folder) => {
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', PLACE];
    const [{ name, filename }] = JSON.parse(run('npm', pack, `${ROOT}${folder}`));
    return { name, filename };
  });
  // As npm would unpack it, once for all that build here; npm itself would ask the registry.
  for (const place of [PLACE, `${ELSEWHERE}/types`])
    for (const { name, filename } of packed) {
      const modules = `${place}/node_modules/${name}`;
      mkdirSync(modules, { recursive: true });
      run('tar', ['-xzf', `${PLACE}/${filename}`, '--strip-components=1', '-C', modules], PLACE);
    }
  for (const name of ['vite', 'webpack', 'react', 'vue', 'extension', 'plain', 'next', 'tsconfig.json'])
    cpSync(`${ROOT}tests/consumer/${name}`, `${PLACE}/${name}`, { recursive: true });
  cpSync(`${ROOT}tests/consumer/types`, `${ELSEWHERE}/types`, { recursive: true });
});
after(async () => {
  await cleanUp();
  rmSync(ELSEWHERE, { recursive: true, force: true });
});

/** pipeline() and the element fill a mask; the element's result. @param {Page} page */
async function fills(page) {
  const answer = page.locator('#answer');
  await answer.filter({ hasText: /./ }).waitFor({ timeout: LONG });
  assert.match(await answer.innerText(), /^door 0\.\d+$/, 'pipeline() answers with a word and its probability');

  await box(page, 'Text').fill('The [MASK] barked at the cat.');
  const result = await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
  assert.equal(result.masks[0].candidates[0].token_str, 'dog', 'the element answers');
  await results(page).getByRole('table').first().waitFor();
  return result;
}

/** @param {string} url @param {(page: Page) => Promise<unknown>} [more] */
async function works(url, more) {
  const { page, close } = await open(url);
  await fills(page);
  await more?.(page);
  await close();
}

/** A property, an event and a method of the element, as a framework sets, hears and calls them. @param {Page} page */
async function isPartOfItsFramework(page) {
  const said = page.locator('#said');
  await said.filter({ hasText: 'The [MASK] barked at the cat. 3' }).waitFor();
  assert.ok(await page.locator('cloze-fill-mask').evaluate((element) => element.classList.contains('wide')));
  await button(page, 'Fewer').click();
  await button(page, 'Ask').click();
  await said.filter({ hasText: 'The [MASK] barked at the cat. 2' }).waitFor();
}

/** Vite's defaults, but for data: addresses, which the strict policy forbids. @param {string} root */
const bundled = (root, configFile = false) =>
  build({ root, base: './', logLevel: 'warn', build: { assetsInlineLimit: 0 }, ...(!configFile && { configFile }) });

describe('the packed package', () => {
  test('the types are right in TypeScript, in React’s JSX and in Vue’s templates', () => {
    assert.equal(complaints(PLACE, 'vue-tsc/bin/vue-tsc.js'), '');
  });

  test('bundled by Vite', async () => {
    const root = `${PLACE}/vite`;
    await bundled(root);
    assert.ok(existsSync(`${root}/dist/index.html`));
    await works(await serving(`${root}/dist`));
  });

  test('bundled by webpack', async () => {
    const root = `${PLACE}/webpack`;
    const { default: config } = await import(`${root}/webpack.config.mjs`);
    /** @type {import('webpack').Stats} */
    const stats = await new Promise((resolve, reject) =>
      webpack(config, (error, done) => (done ? resolve(done) : reject(error))),
    );
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    assert.deepEqual([errors, warnings], [[], []]);
    cpSync(`${root}/index.html`, `${root}/dist/index.html`);
    await works(await serving(`${root}/dist`));
  });

  test('in React: ref, property and event', async () => {
    const root = `${PLACE}/react`;
    await bundled(root);
    await works(await serving(`${root}/dist`), isPartOfItsFramework);
  });

  test('in Vue: ref, property and event', async () => {
    const root = `${PLACE}/vue`;
    await bundled(root, true);
    await works(await serving(`${root}/dist`), isPartOfItsFramework);
  });

  test('in an extension (Manifest V3), with threads', async () => {
    const root = `${PLACE}/extension`;
    await bundled(root);
    const profile = mkdtempSync(`${tmpdir()}/cloze-extension-`);
    const context = await launchProfile(profile, [
      `--disable-extensions-except=${root}/dist`,
      `--load-extension=${root}/dist`,
    ]);
    try {
      const background = await until('the extension', async () => context.serviceWorkers()[0]);
      const page = await context.newPage();
      /** @type {string[]} */
      const troubles = [];
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && troubles.push(message.text()));
      page.on('pageerror', (error) => troubles.push(String(error)));
      await page.goto(new URL('index.html', background.url()).href);
      await fills(page);
      const runtime = await page.evaluate(() => [crossOriginIsolated, location.protocol]);
      assert.deepEqual(runtime, [true, 'chrome-extension:']);
      assert.deepEqual(troubles, []);
    } finally {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    }
  });

  test('in a plain page without a bundler, under a sub-path', async () => {
    await works(`${await serving(PLACE, { prefix: '/some/where/' })}plain/`);
  });

  test('one element in a plain page: one build, one model and nothing else is fetched before a mask is filled', async () => {
    const { page, close } = await open(`${await serving(PLACE)}plain/one.html`);
    /** @type {string[]} */
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.reload();
    await box(page, 'Text').fill('The [MASK] barked at the cat.');
    assert.ok(await resultOf(page, 'fill-mask', () => button(page, 'Predict').click()));
    const of = (/** @type {RegExp} */ kind) => [...new Set(asked.filter((path) => kind.test(path)))];
    assert.equal(of(/\.wasm$/u).length, 1, asked.join(' '));
    const models = of(/cloze-models/u).map((path) => path.replace(/.*cloze-models/u, ''));
    assert.deepEqual(models.sort(), ['/bert/config.json', '/bert/model.gguf', '/bert/tokenizer.json', '/index.js']);
    assert.deepEqual(of(/generate|texts|training/u), []);
    await close();
  });

  test('without the default models: the error says how to get them', async () => {
    const root = `${PLACE}/alone`;
    mkdirSync(`${root}/node_modules`, { recursive: true });
    symlinkSync(`${PLACE}/node_modules/cloze`, `${root}/node_modules/cloze`);
    cpSync(`${PLACE}/plain`, `${root}/plain`, { recursive: true });
    writeFileSync(
      `${root}/plain/index.html`,
      '<link rel="icon" href="data:," /><output id="answer"></output><script type="module" src="main.js"></script>',
    );
    const { page, close } = await open(`${await serving(root)}plain/`, { expected: /404|Failed to load/ });
    const answer = page.locator('#answer').filter({ hasText: /./ });
    assert.match(await answer.innerText(), /^failed: no_default_models: .*npm install cloze-models/);
    await close();
  });

  // Turbopack, which Next.js 16 takes by itself; `CLOZE_NEXT=--webpack` tries the other one, which takes four times as long.
  test('as a static export of Next.js', async () => {
    const root = `${PLACE}/next`;
    const how = [process.env.CLOZE_NEXT ?? '--turbopack'];
    run('node', [`${ROOT}node_modules/next/dist/bin/next`, 'build', ...how], root, { NEXT_TELEMETRY_DISABLED: '1' });
    // Its pages have scripts in them, which the strict policy forbids.
    await works(await servingPlainly(`${root}/out`));
  });

  test('in Node: elements and screens are imported without harm, pipeline() says what is needed', () => {
    const script = `
      const { readFileSync } = await import('node:fs');
      const { exports: entries } = JSON.parse(readFileSync('node_modules/cloze/package.json', 'utf8'));
      for (const entry of Object.keys(entries)) {
        if (entries[entry].default) await import('cloze' + entry.slice(1));
      }
      await import('cloze-models');
      const { SCREENS } = await import('cloze/screens');
      const { pipeline } = await import('cloze');
      const { code, message } = await pipeline('fill-mask').catch((error) => error);
      console.log(JSON.stringify([SCREENS.length > 0, typeof HTMLElement, typeof document, code, message]));`;
    const said = JSON.parse(run('node', ['--input-type=module', '-e', script], `${ELSEWHERE}/types`));
    assert.deepEqual(said.slice(0, 4), [true, 'undefined', 'undefined', 'unsupported_browser']);
    assert.match(said[4], /^Cloze runs in browsers: .*useEffect/);
  });

  test('what editors and frameworks read describes every element, and every file that is named is there', () => {
    const root = `${ELSEWHERE}/types/node_modules/cloze`;
    const read = (/** @type {string} */ file) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8'));
    const fields = read('package.json');
    const named = Object.values(fields.exports).flatMap((one) =>
      typeof one === 'string' ? [one] : Object.values(one),
    );
    for (const field of ['types', 'unpkg', 'jsdelivr', 'customElements', 'web-types']) named.push(fields[field]);
    assert.deepEqual(
      named.filter((file) => !existsSync(`${root}/${file}`)),
      [],
    );
    /** @type {Record<string, any>} */
    const elements = {};
    for (const { declarations, path } of read(fields.customElements).modules)
      for (const one of declarations) {
        elements[one.tagName] = one;
        assert.ok(existsSync(`${root}/${path}`), path);
      }
    const script = `const { SCREENS } = await import('cloze/screens'); console.log(JSON.stringify(SCREENS.map(({ tag }) => tag)));`;
    const tags = JSON.parse(run('node', ['--input-type=module', '-e', script], `${ELSEWHERE}/types`));
    assert.deepEqual(Object.keys(elements).sort(), [...tags, 'cloze-kept-models'].sort());
    const names = (/** @type {{ name: string }[]} */ list) => list.map(({ name }) => name);
    const { attributes, members, events } = elements['cloze-fill-mask'];
    for (const name of ['model', 'model-name', 'dtype', 'autorun']) assert.ok(names(attributes).includes(name), name);
    for (const name of ['state', 'run', 'stop', 'load']) assert.ok(names(members).includes(name), name);
    const result = events.find((/** @type {{ name: string }} */ { name }) => name === 'cloze-result');
    assert.equal(result.type.text, 'CustomEvent<FillMaskResult>');
    const [data] = ['dist/vscode.html-custom-data.json'].map(read);
    assert.deepEqual(names(data.tags).sort(), Object.keys(elements).sort());
  });

  test('the programs of the READMEs compile with strict types, without skipLibCheck, with nothing else installed', () => {
    const root = `${ELSEWHERE}/types`;
    // Of React alone the types, for the programs that are in JSX.
    mkdirSync(`${root}/node_modules/@types`);
    symlinkSync(`${ROOT}node_modules/@types/react`, `${root}/node_modules/@types/react`);
    const pages = run('git', ['ls-files', '*.md'], ROOT).trim().split('\n');
    const programs = pages.flatMap((page) =>
      [...readFileSync(`${ROOT}${page}`, 'utf8').matchAll(/^```(js|ts|jsx|tsx)\n(.*?)^```/gmsu)].map(
        ([, language = '', text = '']) => ({ page, text, type: language.endsWith('x') ? 'tsx' : 'ts' }),
      ),
    );
    for (const page of ['README.md', 'pkg/README.md']) assert.ok(programs.some((program) => program.page === page));
    programs.forEach(({ page, text, type }, index) =>
      writeFileSync(`${root}/${page.replaceAll(/[^\w]/gu, '-')}-${index}.${type}`, text),
    );
    assert.equal(complaints(root), '');
  });
});
