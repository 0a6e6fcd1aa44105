/** The package's JavaScript API on the real core, in a page without any element. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { bertFiles } from '../random-weights.mjs';
import { BLANK, cleanUp, open, ROOT, servingPackages } from './support.mjs';

const DIST = `${ROOT}pkg/dist`;
const BUILDS = /** @type {const} */ (['simd128', 'relaxed-simd', 'relaxed-simd-threads']);

after(cleanUp);

/**
 * Runs `script`, the body of an async function that knows `pipeline` and `code`, in an empty page of the site.
 * @param {string} site
 * @param {string} script
 * @param {string} [expected] what the console may say
 */
async function inPage(site, script, expected = 'favicon') {
  const { page, close } = await open(`${site}${BLANK}`, {
    expected: new RegExp(`favicon|${expected}`, 'u'),
  });
  const result = await page.evaluate(`(async () => {
    const { pipeline } = await import('${site}index.js');
    const code = (promise) => promise.then(() => 'none', (error) => error.code);
    ${script}
  })()`);
  await close();
  return result;
}

describe('the API', () => {
  /** @type {string} */
  let site;
  before(async () => {
    site = await servingPackages();
  });

  for (const build of BUILDS) {
    test(`${build}: an abort acts within one token, and the next call is served`, async () => {
      const answer = await inPage(
        site,
        `const generate = await pipeline('text-generation', null, { build: '${build}' });
         const stop = new AbortController();
         let afterStop = 0;
         const on_token = (_, index) => { if (stop.signal.aborted) afterStop++; if (index === 9) stop.abort(); };
         const error = await generate('Once upon a time', { max_new_tokens: 400, signal: stop.signal, on_token }).catch((error) => error);
         const streamed = [];
         for await (const token of generate.stream('Once', { max_new_tokens: 5, seed: 1 })) streamed.push(token.text);
         const [{ text }] = await generate('Once', { max_new_tokens: 5, seed: 1 });
         const replaced = code(generate('Once', { max_new_tokens: 400 }));
         await generate('Once', { max_new_tokens: 1, replace: true });
         return { build: generate.runtime.build, code: error.code, written: error.partial.tokens.length, afterStop, same: streamed.join('') === text, replaced: await replaced };`,
      );
      assert.deepEqual(answer, { build, code: 'aborted', written: 10, afterStop: 0, same: true, replaced: 'aborted' });
    });
  }

  test('after a typed error the same worker serves the next call', async () => {
    const answer = await inPage(
      site,
      `const unmask = await pipeline('fill-mask');
       const codes = [];
       for (const text of ['', 'no mask', '[MASK] '.repeat(2000)]) codes.push(await code(unmask(text)));
       codes.push(await code(unmask('a [MASK]', { targets: ['qwertyuiopasdf'] })));
       codes.push(await code(pipeline('text-generation', './model.gguf')));
       return [codes, (await unmask('She opened the [MASK].'))[0].start];`,
    );
    assert.deepEqual(answer, [
      ['empty_input', 'no_mask', 'input_too_long', 'unknown_target', 'wrong_architecture'],
      15,
    ]);
  });

  test('the config.json of a smaller model is refused with both numbers, and does not matter beside a GGUF file', async () => {
    const config = {
      model_type: 'bert',
      vocab_size: 40,
      hidden_size: 32,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 32,
      max_position_embeddings: 16,
      type_vocab_size: 2,
    };
    const files = { ...bertFiles(config), 'vocab.txt': bertFiles({ ...config, vocab_size: 50 })['vocab.txt'] };
    const sent = Object.entries(files).map(([name, bytes]) => [name, bytes.toString('base64')]);
    const answer = await inPage(
      site,
      `const decoded = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
       const wrong = ${JSON.stringify(sent)}.map(([name, text]) => new File([decoded(text)], name));
       const error = await pipeline('fill-mask', wrong).catch((error) => error);
       const beside = await Promise.all(['tokenizer.json', 'model.gguf'].map(async (name) =>
         new File([await (await fetch('${site}../../cloze-models/bert/' + name)).blob()], name)));
       const unmask = await pipeline('fill-mask', [...beside, wrong.find(({ name }) => name === 'config.json')]);
       return [error.code, error.message, (await unmask('She opened the [MASK].'))[0].start];`,
    );
    assert.deepEqual([answer[0], answer[2]], ['invalid_tokenizer', 15]);
    assert.match(answer[1], /50 tokens, the model only 40/u);
  });

  test('the lean build reads BERT’s usual tokenizer; what it leaves out is read by the whole one, with the same answers', async () => {
    const answer = await inPage(
      site,
      `const text = 'She opened the [MASK], déjà-vu.';
       const lean = await pipeline('fill-mask');
       const files = await Promise.all(['config.json', 'tokenizer.json', 'model.gguf'].map(async (name) =>
         new File([await (await fetch('${site}../../cloze-models/bert/' + name)).blob()], name)));
       const alone = await pipeline('fill-mask', files);
       const whole = await pipeline('fill-mask', [...files, new File(['{{ messages }}'], 'chat_template.jinja')]);
       const [first, ...others] = await Promise.all([lean, alone, whole].map(async (pipe) => JSON.stringify(await pipe(text))));
       const generate = await pipeline('text-generation');
       return [[lean, alone, whole, generate].map(({ runtime }) => runtime.lean), others.map((other) => other === first)];`,
    );
    assert.deepEqual(answer, [
      [true, true, false, false],
      [true, true],
    ]);
  });
});

describe('threads that fail', () => {
  const CHANGED = `${ROOT}target/api`;
  const GLUE = 'wasm/relaxed-simd-threads/cloze.js';
  /** @type {string} */
  let site;
  before(async () => {
    rmSync(CHANGED, { recursive: true, force: true });
    cpSync(DIST, CHANGED, { recursive: true });
    site = await servingPackages(CHANGED);
  });
  after(() => rmSync(CHANGED, { recursive: true, force: true }));

  /** Puts a statement at the beginning of a function of the glue. @param {string} name @param {string} statement */
  function change(name, statement) {
    const glue = readFileSync(`${DIST}/${GLUE}`, 'utf8');
    const changed = glue.replace(new RegExp(`(function ${name}\\([^)]*\\) \\{)`, 'u'), `$1 ${statement}`);
    assert.notEqual(changed, glue, `the glue has a function ${name}`);
    writeFileSync(`${CHANGED}/${GLUE}`, changed);
  }

  test('a crash in one of them is told, although the worker waits for it for ever', async () => {
    change('startThread', "throw new WebAssembly.RuntimeError('forced by the test');");
    const answer = await inPage(
      site,
      `return code(pipeline('text-generation').then((generate) => generate('Once upon a time')));`,
      'forced by the test',
    );
    assert.equal(answer, 'worker_failed');
  });

  test('where they do not start, one thread computes and says why', async () => {
    change('__wbg_init', "throw new RangeError('no memory for threads');");
    const answer = await inPage(
      site,
      `const generate = await pipeline('text-generation');
       const [{ tokens }] = await generate('Once', { max_new_tokens: 3 });
       return [tokens.length, generate.runtime.build, generate.runtime.threads_off_reason];`,
    );
    assert.deepEqual(answer, [3, 'relaxed-simd', 'The threads did not start.']);
  });
});
