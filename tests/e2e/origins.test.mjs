/** The package where a page has no origin of its own, or the package comes from another one. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { BLANK, cleanUp, launch, LONG, MODULES, packages, servingPlainly } from './support.mjs';

const PACKAGES = packages();
const WORD = ['door', 15];

after(cleanUp);

/**
 * What the script says in the page at `url`, or in the frame that `frame` chooses; both may be of any origin.
 * @param {string} url
 * @param {string} script the body of an async function
 * @param {{ framed?: boolean }} [options]
 */
async function said(url, script, { framed = false } = {}) {
  const context = await (await launch()).newContext();
  context.setDefaultTimeout(LONG);
  const page = await context.newPage();
  await page.goto(url);
  const frame = framed ? await (await page.waitForSelector('iframe')).contentFrame() : page.mainFrame();
  assert.ok(frame);
  const result = await frame.evaluate(`(async () => { ${script} })().catch((error) => [error.code, error.message])`);
  await context.close();
  return result;
}

/** @param {string} site */
const predicting = (site, model = ', undefined') =>
  `const { pipeline } = await import('${site}index.js');
   const warned = [];
   const unmask = await pipeline('fill-mask'${model}, { progress_callback: ({ status, code }) => { if (status === 'warning') warned.push(code); } });
   const [best] = await unmask('She opened the [MASK] and went in.', { top_k: 1 });
   return { found: [best.token_str, best.start], warned, build: unmask.runtime.build };`;

/** @param {string} site */
const files = (site) =>
  `, await Promise.all(['config.json', 'tokenizer.json', 'model.gguf'].map(async (name) =>
     new File([await (await fetch('${site}../../cloze-models/bert/' + name)).blob()], name)))`;

describe('a frame in a sandbox', () => {
  /** @type {string} */
  let site;
  /** @type {string} */
  let host;
  before(async () => {
    site = `${await servingPlainly(PACKAGES, { cors: true })}${MODULES}`;
    host = await servingPlainly(PACKAGES, {
      pages: {
        '/srcdoc.html': '<iframe sandbox="allow-scripts" srcdoc="<p>A frame</p>"></iframe>',
        '/data.html': '<iframe src="data:text/html,<p>A frame</p>"></iframe>',
        '/src.html': '<iframe sandbox="allow-scripts" src="inside.html"></iframe>',
        '/inside.html': '<p>A frame</p>',
      },
    });
  });

  for (const page of ['srcdoc', 'data', 'src']) {
    test(`${page}: files run from memory`, async () => {
      const answer = await said(`${host}${page}.html`, predicting(site, files(site)), { framed: true });
      assert.deepEqual(answer, { found: WORD, warned: [], build: 'relaxed-simd' });
    });

    test(`${page}: addresses that allow it run from memory, with a warning`, async () => {
      for (const model of [', undefined', `, '${site}../../cloze-models/bert/model.gguf'`]) {
        const answer = await said(`${host}${page}.html`, predicting(site, model), { framed: true });
        assert.deepEqual(answer, { found: WORD, warned: ['no_storage'], build: 'relaxed-simd' });
      }
    });
  }

  test('what is kept there is nothing, and asking for it is no error', async () => {
    const answer = await said(
      `${host}srcdoc.html`,
      `const { models } = await import('${site}index.js');
       models.on_change(() => undefined)();
       const code = (promise) => promise.then(() => 'none', (error) => error.code);
       return [await models.list(), (await models.estimate()).kind, await models.persist(), await code(models.verify('x')), await code(models.delete('x'))];`,
      { framed: true },
    );
    assert.deepEqual(answer, [[], 'memory', false, 'not_found', 'not_found']);
  });

  test('elements work there', async () => {
    const answer = await said(
      `${host}srcdoc.html`,
      `await import('${site}elements.js');
       const screen = document.body.appendChild(document.createElement('cloze-fill-mask'));
       screen.state = { text: 'She opened the [MASK] and went in.' };
       const { masks } = await screen.run();
       await import('${site}elements.js');
       document.body.appendChild(document.createElement('cloze-models'));
       await new Promise((resolve) => setTimeout(resolve, 200));
       return masks[0].candidates[0].token_str;`,
      { framed: true },
    );
    assert.equal(answer, 'door');
  });
});

describe('a package on another origin than the page', () => {
  test('works where that origin allows it; the model is kept', async () => {
    const site = `${await servingPlainly(PACKAGES, { cors: true })}${MODULES}`;
    const page = await servingPlainly(PACKAGES, { pages: { '/index.html': '<p>A page</p>' } });
    const answer = await said(page, predicting(site));
    assert.deepEqual(answer, { found: WORD, warned: [], build: 'relaxed-simd' });
  });

  test('with threads, where the page is isolated', async () => {
    const site = `${await servingPlainly(PACKAGES, { cors: true })}${MODULES}`;
    const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    const page = await servingPlainly(PACKAGES, { pages: { '/index.html': '<p>A page</p>' }, headers: isolated });
    const answer = await said(page, predicting(site));
    assert.deepEqual(answer, { found: WORD, warned: [], build: 'relaxed-simd-threads' });
  });

  test('a page’s policy that forbids it: the error says what to allow', async () => {
    const site = `${await servingPlainly(PACKAGES, { cors: true })}${MODULES}`;
    const policy = `script-src 'self' ${new URL(site).origin} 'wasm-unsafe-eval' 'unsafe-eval'; worker-src 'self'`;
    const page = await servingPlainly(PACKAGES, {
      pages: { '/index.html': '<p>A page</p>' },
      headers: { 'content-security-policy': policy },
    });
    const [code, message] = /** @type {[string, string]} */ (await said(page, predicting(site)));
    assert.equal(code, 'worker_failed');
    assert.ok(message.includes(`worker-src blob:) and scripts from ${new URL(site).origin}`), message);
  });

  test('a module with an address of its own: the error says where to import it from', async () => {
    const site = `${await servingPlainly(PACKAGES)}${MODULES}`;
    const answer = await said(
      `${site}${BLANK}`,
      `const parts = {};
       const load = async (name) => {
         const source = await (await fetch('${site}' + name)).text();
         // What is fetched later is not waited for: it imports what waits for it.
         for (const [, part] of source.matchAll(/(?:from|import)"\\.\\/(shared-[\\w]+\\.js)"/g)) parts[part] ??= await load(part);
         return URL.createObjectURL(new Blob([source.replaceAll(/(from|import)"\\.\\/(shared-[\\w]+\\.js)"/g, (_, word, part) => word + JSON.stringify(parts[part]))], { type: 'text/javascript' }));
       };
       const { pipeline } = await import(await load('index.js'));
       await pipeline('fill-mask');`,
    );
    assert.match(JSON.stringify(answer), /not_found.*Import the package from where its files lie/);
  });
});

describe('workers of a page', () => {
  /** @type {string} */
  let host;
  before(async () => {
    const refuse = `import { pipeline } from './cloze/dist/index.js'; const ask = (port) => pipeline('fill-mask').catch(({ code, message }) => port.postMessage([code, message]));`;
    host = await servingPlainly(PACKAGES, {
      pages: {
        '/index.html': '<p>A page</p>',
        '/service.js': `${refuse} addEventListener('message', ({ source }) => ask(source));`,
        '/shared.js': `${refuse} addEventListener('connect', ({ ports }) => ask(ports[0]));`,
        '/dedicated.js': `import { pipeline } from './cloze/dist/index.js';
          pipeline('fill-mask')
            .then((unmask) => unmask('She opened the [MASK] and went in.'))
            .then(([best]) => postMessage([best.token_str, best.start]), ({ code, message }) => postMessage([code, message]));`,
      },
    });
  });

  test('a service worker is told to ask a page', async () => {
    const answer = await said(
      host,
      `const { installing, waiting, active } = await navigator.serviceWorker.register('/service.js', { type: 'module' });
       const answered = new Promise((resolve) => (navigator.serviceWorker.onmessage = ({ data }) => resolve(data)));
       (installing ?? waiting ?? active).postMessage('go');
       return answered;`,
    );
    assert.match(JSON.stringify(answer), /unsupported_browser.*A service worker cannot start/);
  });

  test('so is a shared one', async () => {
    const answer = await said(
      host,
      `const { port } = new SharedWorker('/shared.js', { type: 'module' });
       return new Promise((resolve) => (port.onmessage = ({ data }) => resolve(data)));`,
    );
    assert.match(JSON.stringify(answer), /unsupported_browser.*This shared worker cannot start/);
  });

  test('a dedicated one can run models itself', async () => {
    const answer = await said(
      host,
      `const worker = new Worker('/dedicated.js', { type: 'module' });
       return new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));`,
    );
    assert.deepEqual(answer, WORD);
  });
});
