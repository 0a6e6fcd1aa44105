/** The packed package as a stranger uses it: bundled by Vite, and in a plain page. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { build } from 'vite';
import { box, button, cleanUp, LONG, open, resultOf, results, ROOT, serving } from './support.mjs';

// Inside the repository, so that Vite and TypeScript (and nothing of cloze) resolve upwards; target/ is ignored by git.
const PLACE = `${ROOT}target/consumer`;

/** @param {string} command @param {string[]} words @param {string} cwd */
const run = (command, words, cwd) =>
  execFileSync(command, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

before(() => {
  rmSync(PLACE, { recursive: true, force: true });
  mkdirSync(PLACE, { recursive: true });
  // --ignore-scripts: what is packed is what `cargo xtask build` left, not what npm would build again.
  const packed = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', PLACE], `${ROOT}pkg`),
  );
  for (const name of ['vite', 'plain']) {
    cpSync(`${ROOT}tests/consumer/${name}`, `${PLACE}/${name}`, { recursive: true });
    const modules = `${PLACE}/${name}/node_modules/cloze`;
    mkdirSync(modules, { recursive: true });
    // As npm would unpack it; npm itself would ask the registry.
    run('tar', ['-xzf', `${PLACE}/${packed[0].filename}`, '--strip-components=1', '-C', modules], PLACE);
  }
});
after(cleanUp);

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
    run('node', [`${ROOT}node_modules/typescript/bin/tsc`, '-p', root], root);
    // Vite's defaults, but for data: addresses, which the strict policy forbids.
    await build({ root, base: './', logLevel: 'warn', configFile: false, build: { assetsInlineLimit: 0 } });
    assert.ok(existsSync(`${root}/dist/index.html`));
    await works(await serving(`${root}/dist`));
  });

  test('in a plain page without a bundler', async () => {
    await works(await serving(`${PLACE}/plain`));
  });
});
