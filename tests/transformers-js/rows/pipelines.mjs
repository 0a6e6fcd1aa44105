/** What all pipelines have, and how they are opened. */
import { FILL, TEXTS, mlm, call, events, has } from './support.mjs';

/** @typedef {import('./support.mjs').Row} Row */

/** @type {Record<string, Row[]>} */
export const SECTIONS = {
  'Every pipeline': [
    {
      name: 'aliases `sentiment-analysis`, `ner`, `embeddings`',
      state: 'same',
      run: async ({ open }) => (await (await open('sentiment-analysis', 'bert-classes'))(TEXTS[0]))[0].label,
    },
    { name: '`task`', state: 'same', run: async (api) => (await mlm(api)).task },
    {
      name: '`tokenizer`: `mask_token`, `mask_token_id`, …, `all_special_ids`',
      state: 'same',
      run: async (api) => {
        const { tokenizer } = await mlm(api);
        const { mask_token, mask_token_id, cls_token, sep_token_id, pad_token, unk_token, all_special_ids } = tokenizer;
        return { mask_token, mask_token_id, cls_token, sep_token_id, pad_token, unk_token, all_special_ids };
      },
    },
    {
      name: '`dispose()`',
      state: 'same',
      note: '`await` it or not: its worker ends at once',
      run: async ({ pipeline, at }) => {
        const pipe = await pipeline('fill-mask', at('bert-mlm'), { dtype: 'fp32' });
        await pipe.dispose();
        return 'disposed';
      },
    },
    {
      name: '`info`, `runtime`, `tokenize()`',
      state: 'more',
      run: async (api) => (await mlm(api)).info.hidden_size,
    },
    {
      name: '`model`',
      state: 'differs',
      note: 'not there; `info` says what is in it',
      run: async (api) => typeof (await mlm(api)).model,
    },
    {
      name: 'options `signal`, `replace`',
      state: 'more',
      run: async (api) => {
        const signal = AbortSignal.abort();
        return (await mlm(api))(FILL, { signal }).then(
          () => 'ran',
          (/** @type {any} */ error) => error.code,
        );
      },
    },
    {
      name: 'an option that does not exist',
      state: 'differs',
      note: 'refused by name with the nearest one (`topk`: did you mean `top_k`?), not ignored',
      run: async (api) =>
        (await mlm(api))(FILL, { topk: 2 }).then(
          () => 'ran',
          (/** @type {any} */ error) => error.details.nearest,
        ),
    },
  ],
  '`pipeline(task, model, options)`': [
    { name: '`dtype: "fp32"`', state: 'same', run: call(mlm, [FILL], { top_k: 1 }) },
    {
      name: '`dtype`: `q8`, `q4`',
      state: 'differs',
      note: 'any checkpoint is quantized while it loads; transformers.js looks for a file of that kind. `fp16`, `int8`, `uint8`, `bnb4`, `q4f16`, `auto` are refused',
      run: async ({ pipeline, at }) =>
        pipeline('fill-mask', at('bert-mlm'), { dtype: 'q8' }).then(
          (/** @type {any} */ pipe) => pipe.info.dtype,
          () => 'no such file',
        ),
    },
    {
      name: '`progress_callback`: `initiate`, `download`, `done`',
      state: 'same',
      note: 'of `config.json`; a first `initiate` without a file comes while the worker starts',
      run: async (api) => {
        const seen = [];
        for (const status of ['initiate', 'download', 'done'])
          seen.push(await events(api, status, ({ file, name }) => (file === 'config.json' && name ? status : '')));
        return seen.map((names) => names.filter(Boolean));
      },
    },
    {
      name: '`progress`: `name`, `file`, `loaded`',
      state: 'same',
      note: '`total` and `progress` as well, where the server says how long the file is',
      run: (api) => events(api, 'progress', has(['name', 'file', 'loaded'])),
    },
    {
      name: '`progress_total`: `name`, `loaded`, `total`, `progress`, `files`',
      state: 'same',
      note: 'the program that runs the model counts as well',
      run: (api) => events(api, 'progress_total', has(['name', 'loaded', 'total', 'progress', 'files'])),
    },
    {
      name: '`ready`: `task`, `model`',
      state: 'same',
      run: (api) => events(api, 'ready', has(['task', 'model'])),
    },
    {
      name: '`message`, `rate`, `seconds_left`, `whole`; `waiting`, `paused`, `warning`',
      state: 'more',
      run: (api) => events(api, 'ready', has(['message'])),
    },
    {
      name: '`build`, `threads`, `token`, `signal`, `control`',
      state: 'more',
      run: async ({ pipeline, at }) =>
        (await pipeline('fill-mask', at('bert-mlm'), { dtype: 'fp32', threads: 1 })).runtime?.threads,
    },
    ...['config', 'cache_dir', 'local_files_only', 'subfolder', 'use_external_data_format', 'session_options'].map(
      (name) =>
        /** @type {Row} */ ({
          name: `\`${name}\``,
          state: 'not supported',
          option: name,
          note: name === 'local_files_only' ? 'what is kept is used without a network' : '',
          run: async ({ pipeline, at }) => pipeline('fill-mask', at('bert-mlm'), { dtype: 'fp32', [name]: {} }),
        }),
    ),
  ],
};
