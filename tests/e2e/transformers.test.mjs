/**
 * transformers.js's API on the real core: the scripts of tests/transformers-js/rows.mjs, whose results with transformers.js itself
 * are in recorded.json, and the table that is made of them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { filesOf, MODELS } from '../transformers-js/models.mjs';
import { SECTIONS } from '../transformers-js/rows.mjs';
import { contradiction, covers, page } from '../transformers-js/table.mjs';
import { serveAnswers } from '../server/client.mjs';
import { cleanUp, launch, LONG, ROOT, servingPlainly } from './support.mjs';

const here = `${ROOT}tests/transformers-js`;
const { version, outcomes: theirs } = JSON.parse(readFileSync(`${here}/recorded.json`, 'utf8'));

/** @type {Record<string, import('../transformers-js/table.mjs').Outcome>} */
let ours;
/** @type {{ url: string, close: () => Promise<unknown> }} */
let files;

before(async () => {
  const folders = Object.fromEntries(Object.keys(MODELS).map((name) => [name, filesOf(name)]));
  files = await serveAnswers(({ target }) => {
    const headers = { 'access-control-allow-origin': '*' };
    const [path] = /** @type {[string]} */ (target.split('?', 1));
    if (/^\/(rows|rows\/\w+)\.mjs$/u.test(path))
      return { headers: { ...headers, 'content-type': 'text/javascript' }, body: { file: `${here}${path}` } };
    const [, name = '', file = ''] = path.split('/');
    const body = /** @type {Record<string, Record<string, Buffer>>} */ (folders)[name]?.[file];
    // As hubs do: without parts, nobody can say how long a file from another origin is.
    return body ? { headers: { ...headers, 'accept-ranges': 'bytes' }, body, ranges: true } : { status: 404, headers };
  });
  const address = await servingPlainly(`${ROOT}pkg/dist`, { pages: { '/blank.html': '<!doctype html>' } });
  const context = await (await launch()).newContext();
  context.setDefaultTimeout(LONG);
  const page = await context.newPage();
  await page.goto(`${address}blank.html`);
  ours = await page.evaluate(`(async () => {
    const { pipeline, AutoTokenizer, TextStreamer } = await import('${address}index.js');
    const { runAll, opener } = await import('${files.url}rows.mjs');
    const at = (model) => '${files.url}' + model + '/';
    return runAll({ pipeline, AutoTokenizer, TextStreamer, at, open: opener(pipeline, at) });
  })()`);
  await context.close();
});
after(async () => {
  await files?.close();
  await cleanUp();
});

for (const [section, rows] of Object.entries(SECTIONS))
  describe(section, () => {
    for (const row of rows)
      test(`${row.name}: ${row.state}`, () => {
        const key = `${section} | ${row.name}`;
        assert.ok(theirs[key], 'was not recorded: run node tests/transformers-js/record.mjs');
        assert.equal(contradiction(row, theirs[key], ours[key]), undefined);
      });
  });

test('docs/transformers-js.md is the table', () => {
  assert.equal(
    readFileSync(`${ROOT}docs/transformers-js.md`, 'utf8'),
    page(version),
    'run node tests/transformers-js/record.mjs',
  );
});

test('what is compared is compared', () => {
  assert.ok(covers({ a: [1, { b: 'x' }] }, { a: [1.0005, { b: 'x', c: 2 }], d: 3 }));
  assert.ok(!covers({ a: 1 }, { a: 1.01 }));
  assert.ok(!covers({ a: 1 }, {}));
  assert.ok(!covers([1], [1, 2]));
  assert.ok(!covers(null, undefined));
});
