/** The packed package as a stranger uses it: bundled by Vite and by Next.js, in a plain page, in Node, and with its types. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { build } from 'vite';
import { box, button, cleanUp, LONG, open, resultOf, results, ROOT, serving, servingPlainly } from './support.mjs';

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

const TSC = `${ROOT}node_modules/typescript/bin/tsc`;

/** The compiler's complaints. @param {string} root */
function complaints(root) {
  try {
    return run('node', [TSC, '-p', root], root);
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
  for (const [name, place] of [
    ['vite', PLACE],
    ['plain', PLACE],
    ['next', PLACE],
    ['types', ELSEWHERE],
  ]) {
    cpSync(`${ROOT}tests/consumer/${name}`, `${place}/${name}`, { recursive: true });
    for (const { name: one, filename } of packed) {
      const modules = `${place}/${name}/node_modules/${one}`;
      mkdirSync(modules, { recursive: true });
      // As npm would unpack it; npm itself would ask the registry.
      run('tar', ['-xzf', `${PLACE}/${filename}`, '--strip-components=1', '-C', modules], PLACE);
    }
  }
});
after(async () => {
  await cleanUp();
  rmSync(ELSEWHERE, { recursive: true, force: true });
});

/** @param {string} url */
async function works(url) {
  const { page, close } = await open(url);
  const answer = page.locator('#answer');
  await answer.filter({ hasText: /./ }).waitFor({ timeout: LONG });
  assert.match(await answer.innerText(), /^[a-z]+ 0\.\d+$/, 'pipeline() answers with a word and its probability');

  await box(page, 'Text').fill('The [MASK] barked at the cat.');
  const result = await resultOf(page, 'fill-mask', () => button(page, 'Predict').click());
  assert.ok(result, 'the element answers');
  await results(page).getByRole('table').first().waitFor();
  await close();
}

describe('the packed package', () => {
  test('bundled by Vite: the types are right, and it runs', async () => {
    const root = `${PLACE}/vite`;
    assert.equal(complaints(root), '');
    // Vite's defaults, but for data: addresses, which the strict policy forbids.
    await build({ root, base: './', logLevel: 'warn', configFile: false, build: { assetsInlineLimit: 0 } });
    assert.ok(existsSync(`${root}/dist/index.html`));
    await works(await serving(`${root}/dist`));
  });

  test('in a plain page without a bundler', async () => {
    await works(await serving(`${PLACE}/plain`));
  });

  test('one element in a plain page: one build, one model and nothing else is fetched before a mask is filled', async () => {
    const { page, close } = await open(`${await serving(`${PLACE}/plain`)}one.html`);
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
    cpSync(`${PLACE}/plain/node_modules/cloze`, `${root}/node_modules/cloze`, { recursive: true });
    cpSync(`${PLACE}/plain/main.js`, `${root}/main.js`);
    writeFileSync(
      `${root}/index.html`,
      '<link rel="icon" href="data:," /><output id="answer"></output><script type="module" src="main.js"></script>',
    );
    const { page, close } = await open(await serving(root), { expected: /404|Failed to load/ });
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
