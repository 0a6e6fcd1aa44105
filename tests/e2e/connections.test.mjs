/** A large file over several connections: 67 MB of random BERT. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bertFiles } from '../random-weights.mjs';
import { holding } from '../server/client.mjs';
import { sha256 } from './hub.mjs';
import { ID, withHub, withProfile } from './hub-support.mjs';
import { kill } from './kill.mjs';
import { cleanUp, until } from './support.mjs';

after(cleanUp);

const FILE = 'model.safetensors';
const MB = 1 << 20;
const config = {
  architectures: ['BertForPreTraining'],
  model_type: 'bert',
  vocab_size: 8000,
  hidden_size: 512,
  num_hidden_layers: 4,
  num_attention_heads: 8,
  intermediate_size: 2048,
  hidden_act: 'gelu',
  max_position_embeddings: 128,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
};
const FILES = bertFiles(config);
const WEIGHTS = FILES[FILE];

/** The word for a mask, which other weights would hardly agree on, and what was told. */
const LOAD = `
  const told = [];
  const unmask = await pipeline('fill-mask', '${ID}', { progress_callback: (one) => told.push(one) });
  const [{ token_str, score }] = await unmask('w1 [MASK] w2', { top_k: 1 });
  unmask.dispose();
  return { word: [token_str, score], warnings: told.filter(({ status }) => status === 'warning').map(({ code }) => code) };`;
const KEPT = `return (await models.list())[0]?.files.find(({ name }) => name === '${FILE}') ?? null;`;

/** @param {Parameters<typeof withHub>[0]} work */
const withLargeModel = (work) =>
  withHub((tools) => {
    tools.hub.models[ID] = { files: FILES };
    return work(tools);
  });
/** The first byte of a request. @param {string | undefined} range */
const startOf = (range) => Number(/\d+/.exec(range ?? 'bytes=0-')?.[0]);
/** That of each for the file. @param {import('./hub.mjs').Hub} hub */
const starts = ({ asked }) => asked.filter(({ at }) => at === 'files').map(({ range }) => startOf(range));

/** What the model says when nothing went wrong. @type {unknown} */
let right;
before(() => withLargeModel(async ({ run }) => void ({ word: right } = await run(LOAD))));

describe('several connections', () => {
  test('fetch parts at the same time', () =>
    withLargeModel(async ({ hub, run }) => {
      // None of the first four ends before all have begun.
      const { hold, release } = holding(MB);
      hub.fault = () => ({ hold });
      const loading = run(LOAD);
      await until('four requests', async () => starts(hub).length === 4);
      release();
      const { word, warnings } = await loading;
      assert.deepEqual([word, warnings], [right, []]);
      assert.deepEqual(
        starts(hub)
          .map((start) => start / MB)
          .sort((a, b) => a - b)
          .slice(0, 4),
        [0, 16, 32, 48],
      );
      const kept = await run(KEPT);
      assert.deepEqual([kept.verified, kept.sha256], [true, sha256(WEIGHTS)]);
    }));

  test('cut and refused now and then: each goes on where it broke', () =>
    withLargeModel(async ({ hub, run }) => {
      hub.fault = ({ count }) => (count % 5 === 0 ? { status: 503 } : count % 3 === 0 ? { cut: 3 * MB } : undefined);
      assert.deepEqual((await run(LOAD)).word, right);
      assert.ok(starts(hub).length > 5);
      assert.ok(hub.sentOf(FILE) < 2 * WEIGHTS.length);
      assert.equal((await run(KEPT)).sha256, sha256(WEIGHTS));
    }));

  test('a wrong byte in one of them: fetched again, and only the right ones are kept', () =>
    withLargeModel(async ({ hub, run }) => {
      const body = Buffer.from(WEIGHTS);
      body[40 * MB] = /** @type {number} */ (body[40 * MB]) ^ 1;
      let spoiled = false;
      hub.fault = ({ range }) => {
        if (spoiled || startOf(range) < 32 * MB) return undefined;
        spoiled = true;
        return { body };
      };
      assert.deepEqual((await run(LOAD)).word, right);
      assert.ok(spoiled);
      assert.ok(hub.sentOf(FILE) > WEIGHTS.length);
      assert.equal((await run(KEPT)).sha256, sha256(WEIGHTS));
    }));

  test('a disk that fills up in the middle: the rest goes past it', () =>
    withLargeModel(async ({ page, hub, run }) => {
      const session = await page.context().newCDPSession(page);
      const { hold, release } = holding(2 * MB);
      hub.fault = () => ({ hold });
      const loading = run(LOAD);
      await until('four requests', async () => starts(hub).length === 4);
      await session.send('Storage.overrideQuotaForOrigin', {
        origin: new URL(page.url()).origin,
        quotaSize: 1_000_000,
      });
      release();
      const { word, warnings } = await loading;
      // The small files come beside the weights, and may find no room either.
      assert.deepEqual([word, [...new Set(warnings)]], [right, ['quota']]);
      assert.equal(await run(KEPT), null);
    }));

  test('a browser that is killed goes on with what is missing of each part', () =>
    withLargeModel(({ hub }) =>
      withProfile(hub, async (start) => {
        const { hold } = holding(9 * MB);
        hub.fault = ({ count }) => (count <= 4 ? { rate: 4 * MB, hold } : undefined);
        const { context, run } = await start();
        const gone = run(LOAD).catch(() => 'killed');
        await until('some noted bytes of several parts', async () => ((await run(KEPT))?.kept_bytes ?? 0) > 17 * MB);
        await kill(context);
        assert.equal(await gone, 'killed');

        const again = await start();
        const part = await again.run(KEPT);
        assert.ok(!part.complete && part.kept_bytes > 17 * MB, JSON.stringify(part));
        const before = hub.sentOf(FILE);
        assert.deepEqual((await again.run(LOAD)).word, right);
        // The first answer is to the end of the file, and is left when the next part begins.
        assert.ok(
          hub.sentOf(FILE) - before < WEIGHTS.length - part.kept_bytes + 16 * MB,
          `${hub.sentOf(FILE) - before} bytes came, ${part.kept_bytes} were there`,
        );
        assert.equal((await again.run(KEPT)).sha256, sha256(WEIGHTS));
        await again.context.close();
      }),
    ));
});
