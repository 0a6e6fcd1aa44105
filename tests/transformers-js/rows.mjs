/**
 * The rows of docs/transformers-js.md: every option and result field, and a script that shows what it does. Both packages run the
 * same script on the same seeded models; this file is read by Node and by pages.
 *
 * @typedef {'same' | 'more' | 'differs' | 'not supported'} State
 * @typedef {{ pipeline: any, AutoTokenizer: any, TextStreamer: any, open: (task: string, model: string) => Promise<any>, at: (model: string) => string }} Api
 * @typedef {object} Row
 * @property {string} name what the first column says
 * @property {State} state
 * @property {string} [note]
 * @property {(api: Api) => Promise<unknown>} run
 * @property {string} [option] of `not supported`: the option that the error names
 */

const FILL = 'the cat sat on the [MASK] .';
const FILLS = [FILL, 'she was [MASK] in the garden .'];
const QUESTION = 'who sat ?';
const CONTEXT = 'the black cat sat on the mat .';
const TEXTS = ['a good day .', 'the man went home with his dog .'];
const NAMES = 'john lives in london with mary .';
const PROMPT = 'Once upon a time';
const GREEDY = { max_new_tokens: 8, do_sample: false };
const MESSAGES = [{ role: 'user', content: 'Hello' }];

const mlm = (/** @type {Api} */ { open }) => open('fill-mask', 'bert-mlm');
const qa = (/** @type {Api} */ { open }) => open('question-answering', 'bert-qa');
const classes = (/** @type {Api} */ { open }) => open('text-classification', 'bert-classes');
const tags = (/** @type {Api} */ { open }) => open('token-classification', 'bert-tags');
const vectors = (/** @type {Api} */ { open }) => open('feature-extraction', 'bert-mlm');
const gpt = (/** @type {Api} */ { open }) => open('text-generation', 'gpt2');
const chat = (/** @type {Api} */ { open }) => open('text-generation', 'gpt2-chat');

/** One row: a call with options. @param {(api: Api) => Promise<any>} pipe @param {unknown[]} args @param {object} [options] */
const call =
  (pipe, args, options) =>
  /** @param {Api} api */
  async (api) =>
    (await pipe(api))(...args, ...(options ? [options] : []));

/** An option that is refused. @param {string} name @param {(api: Api) => Promise<any>} pipe @param {unknown[]} args @param {unknown} value @param {string} note @returns {Row} */
const refused = (name, pipe, args, value, note) => ({
  name: `\`${name}\``,
  state: 'not supported',
  note,
  option: name,
  run: call(pipe, args, { ...(args[0] === PROMPT && GREEDY), [name]: value }),
});

/** @param {Tensorish} tensor @typedef {{ type: string, dims: number[], data: ArrayLike<number | bigint> }} Tensorish */
const plain = ({ type, dims, data }) => ({ type, dims: [...dims], data: Array.from(data, Number) });

/** What a streamer gives out for a text. @param {(api: Api) => Promise<any>} pipe @param {unknown} prompt @param {object} options */
const streamed = (pipe, prompt, options) => async (/** @type {Api} */ api) => {
  const generate = await pipe(api);
  /** @type {string[]} */
  const pieces = [];
  let tokens = 0;
  const streamer = new api.TextStreamer(generate.tokenizer, {
    ...options,
    callback_function: (/** @type {string} */ text) => pieces.push(text),
    token_callback_function: (/** @type {bigint[]} */ ids) => (tokens += ids.length),
  });
  await generate(prompt, { ...GREEDY, streamer });
  return { text: pieces.join(''), pieces: pieces.length, tokens };
};

/** The events of a load. @param {Api} api @param {string} status @param {(event: any) => unknown} read */
const events = async ({ pipeline, at }, status, read) => {
  /** @type {any[]} */
  const heard = [];
  const progress_callback = (/** @type {any} */ event) => heard.push(event);
  const pipe = await pipeline('fill-mask', at('bert-mlm'), { dtype: 'fp32', progress_callback });
  await pipe.dispose();
  return [
    ...new Set(
      heard
        .filter((event) => event.status === status && event.file !== '')
        .map(read)
        .map(String),
    ),
  ].sort();
};

/** Which fields of an event are there. @param {string[]} fields */
const has = (fields) => (/** @type {any} */ event) =>
  fields.filter((field) => event[field] !== undefined && event[field] !== null).join(' ');

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
      name: '`progress`: `name`, `file`, `loaded`, `total`, `progress`',
      state: 'same',
      run: (api) => events(api, 'progress', has(['name', 'file', 'loaded', 'total', 'progress'])),
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
  '`fill-mask`': [
    { name: 'one text', state: 'same', run: call(mlm, [FILL]) },
    { name: 'a list of texts', state: 'same', run: call(mlm, [FILLS]) },
    { name: '`top_k`', state: 'same', run: call(mlm, [FILL], { top_k: 3 }) },
    { name: 'fields `score`, `token`, `token_str`, `sequence`', state: 'same', run: call(mlm, [FILL], { top_k: 2 }) },
    {
      name: 'fields `start`, `end`',
      state: 'more',
      note: 'where the mask stands, in UTF-16 units',
      run: async (api) => (await (await mlm(api))(FILL))[0].start,
    },
    {
      name: 'several masks in one text',
      state: 'more',
      note: 'a list for each mask, as in transformers; transformers.js fills the first',
      run: async (api) => (await (await mlm(api))('the [MASK] sat on the [MASK] .', { top_k: 1 })).length,
    },
    {
      name: '`targets`, `context`, `joint`, `on_step`; `masks()`, `predict()`, `pseudo_perplexity()`',
      state: 'more',
      run: async (api) => (await (await mlm(api))(FILL, { targets: ['dog', 'mat'] })).length,
    },
  ],
  '`text-generation`': [
    { name: 'a prompt', state: 'same', run: call(gpt, [PROMPT], GREEDY) },
    {
      name: 'a list of prompts',
      state: 'same',
      note: 'one after the other, not as one batch',
      run: call(gpt, [[PROMPT, 'There was once a']], GREEDY),
    },
    {
      name: 'defaults',
      state: 'differs',
      note: 'sampling and 128 new tokens, unless the model’s `generation_config.json` says otherwise; in transformers.js greedy and 256. `do_sample: false` is greedy',
      run: async (api) => {
        const [{ generated_text }] = await (await gpt(api))(PROMPT, { max_new_tokens: 12 });
        const [greedy] = await (await gpt(api))(PROMPT, { max_new_tokens: 12, do_sample: false });
        return generated_text === greedy.generated_text;
      },
    },
    { name: '`max_new_tokens`', state: 'same', run: call(gpt, [PROMPT], { ...GREEDY, max_new_tokens: 3 }) },
    {
      name: '`max_length`',
      state: 'differs',
      note: 'counts prompt and text, as documented, where `max_new_tokens` is left out; in pipelines of transformers.js the default `max_new_tokens: 256` goes before it',
      run: async (api) => (await (await gpt(api))(PROMPT, { max_length: 9, do_sample: false }))[0].generated_text,
    },
    {
      name: '`min_new_tokens`, `min_length`',
      state: 'same',
      run: async (api) => {
        const generate = await api.open('text-generation', 'gpt2-ends');
        const texts = [{ min_new_tokens: 5 }, { min_length: 8 }].map((options) =>
          generate(PROMPT, { ...GREEDY, ...options }),
        );
        return Promise.all(texts);
      },
    },
    {
      name: '`do_sample`, `temperature`, `top_k`, `top_p`',
      state: 'differs',
      note: 'the same filters, drawn with a seed (`seed`) that is reported: the same seed gives the same text. `top_p` is followed; transformers.js ignores it',
      run: async (api) => {
        const options = { max_new_tokens: 4, do_sample: true, temperature: 0.7, top_k: 5 };
        return typeof (await (await gpt(api))(PROMPT, options))[0].seed;
      },
    },
    { name: '`repetition_penalty`', state: 'same', run: call(gpt, [PROMPT], { ...GREEDY, repetition_penalty: 1.8 }) },
    {
      name: '`no_repeat_ngram_size`',
      state: 'same',
      run: call(gpt, [PROMPT], { ...GREEDY, max_new_tokens: 40, no_repeat_ngram_size: 1 }),
    },
    {
      name: '`num_return_sequences`',
      state: 'more',
      note: 'with `do_sample`, each with the seed after the last; transformers.js gives one text',
      run: async (api) =>
        (await (await gpt(api))(PROMPT, { max_new_tokens: 2, do_sample: true, num_return_sequences: 3 })).length,
    },
    {
      name: '`num_return_sequences` without `do_sample`',
      state: 'same',
      note: 'refused: all would be one text',
      run: async (api) =>
        (await gpt(api))(PROMPT, { ...GREEDY, num_return_sequences: 2 }).then(
          () => 'ran',
          () => 'refused',
        ),
    },
    {
      name: '`num_beams`, `length_penalty`',
      state: 'more',
      note: 'transformers.js has no beam search',
      run: async (api) =>
        (await (await gpt(api))(PROMPT, { ...GREEDY, num_beams: 3, top_logprobs: 1 }))[0].tokens?.length,
    },
    {
      name: '`return_full_text: false`',
      state: 'same',
      run: call(gpt, [PROMPT], { ...GREEDY, return_full_text: false }),
    },
    { name: '`streamer: new TextStreamer()`', state: 'same', run: streamed(gpt, PROMPT, {}) },
    { name: '`TextStreamer`: `skip_prompt`', state: 'same', run: streamed(gpt, PROMPT, { skip_prompt: true }) },
    {
      name: '`TextStreamer`: `skip_special_tokens`, `decode_kwargs`',
      state: 'same',
      note: 'the token that ends a text is not handed over',
      run: streamed(gpt, PROMPT, { skip_prompt: true, skip_special_tokens: false, decode_kwargs: {} }),
    },
    {
      name: 'a streamer of your own (`put`, `end`)',
      state: 'same',
      run: async (api) => {
        /** @type {unknown[]} */
        const seen = [];
        const streamer = {
          put: (/** @type {bigint[][]} */ rows) => seen.push(rows.map((row) => row.map(Number))),
          end: () => seen.push('end'),
        };
        await (
          await gpt(api)
        )(PROMPT, { ...GREEDY, max_new_tokens: 2, streamer });
        return seen;
      },
    },
    {
      name: '`callback_function`',
      state: 'more',
      note: 'as in transformers.js 2: called with `[{ output_token_ids }]`; later versions ignore it',
      run: async (api) => {
        let calls = 0;
        await (
          await gpt(api)
        )(PROMPT, { ...GREEDY, callback_function: () => (calls += 1) });
        return calls;
      },
    },
    { name: 'a conversation', state: 'same', run: call(chat, [MESSAGES], GREEDY) },
    { name: 'a list of conversations', state: 'same', run: call(chat, [[MESSAGES, MESSAGES]], GREEDY) },
    {
      name: '`return_full_text: false` of a conversation',
      state: 'differs',
      note: 'the answer alone, as in transformers; transformers.js gives all messages',
      run: async (api) =>
        (await (await chat(api))(MESSAGES, { ...GREEDY, return_full_text: false }))[0].generated_text.length,
    },
    {
      name: '`chat_template`, `tools`, `documents`, `tokenizer_encode_kwargs`',
      state: 'same',
      run: call(chat, [MESSAGES], { ...GREEDY, chat_template: '{{ messages[0].content }} and' }),
    },
    {
      name: 'fields `text`, `tokens`, `finish_reason`, `seed`, `prompt_tokens`, `timing`',
      state: 'more',
      run: async (api) => (await (await gpt(api))(PROMPT, GREEDY))[0].prompt_tokens,
    },
    {
      name: '`stop`, `seed`, `min_p`, `top_logprobs`, `on_token`, `on_prefill`, `continue_final_message`; `stream()`',
      state: 'more',
      run: async (api) => (await (await gpt(api))(PROMPT, { ...GREEDY, seed: 3 }))[0].seed,
    },
    refused('stopping_criteria', gpt, [PROMPT], [], '`stop` and `signal`'),
    refused('logits_processor', gpt, [PROMPT], [], ''),
    refused('add_special_tokens', gpt, [PROMPT], false, 'what the tokenizer puts around stays'),
    refused('bad_words_ids', gpt, [PROMPT], [[1]], ''),
    refused('suppress_tokens', gpt, [PROMPT], [1], ''),
    refused('forced_eos_token_id', gpt, [PROMPT], 1, ''),
    refused('typical_p', gpt, [PROMPT], 0.9, ''),
    refused('penalty_alpha', gpt, [PROMPT], 0.6, ''),
    refused('guidance_scale', gpt, [PROMPT], 2, ''),
    refused('eos_token_id', gpt, [PROMPT], 1, 'the model’s files say it'),
    refused('output_attentions', gpt, [PROMPT], true, '`openModel().inspect`'),
  ],
  '`summarization`': [
    {
      name: 'a text, or a list of texts',
      state: 'differs',
      note: 'by decoders (`TL;DR:`, or a chat model), where transformers.js has models of two halves; field `summary_text` is the same',
      run: async ({ open }) =>
        open('summarization', 'gpt2').then(
          async (summarize) => typeof (await summarize(['One day.', 'Two.'], { max_new_tokens: 3 }))[1].summary_text,
          () => 'no such model',
        ),
    },
    {
      name: '`max_length`, `min_length`, `max_new_tokens`, `min_new_tokens`, `num_return_sequences`, `streamer`',
      state: 'more',
      note: 'of the summary alone, as with models of two halves',
      run: async ({ open }) =>
        open('summarization', 'gpt2').then(
          async (summarize) => (await summarize('One day.', { max_length: 3 }))[0].tokens.length,
          () => 'no such model',
        ),
    },
    {
      name: '`sentences`, `cue`, `truncation`; `plan()`; field `plan`',
      state: 'more',
      run: async ({ open }) =>
        open('summarization', 'gpt2').then(
          async (summarize) => (await summarize.plan('One day.')).context,
          () => 'no such model',
        ),
    },
  ],
  '`question-answering`': [
    {
      name: 'a question and a context; fields `answer`, `score`',
      state: 'differs',
      note: 'as in transformers: answers of at most `max_answer_len` tokens (15) in the words of the text, from its own probabilities; transformers.js decodes tokens, and knows no longest answer',
      run: async (api) => typeof (await (await qa(api))(QUESTION, CONTEXT)).start,
    },
    {
      name: 'a list of questions, each with its context',
      state: 'same',
      run: async (api) => {
        const found = await (await qa(api))([QUESTION, QUESTION], [CONTEXT, CONTEXT]);
        return [found.length, ...found.map((/** @type {any} */ { answer }) => typeof answer)];
      },
    },
    {
      name: '`top_k`: one answer is an object, more are a list',
      state: 'same',
      run: async (api) => {
        const answer = await qa(api);
        return [
          Array.isArray(await answer(QUESTION, CONTEXT)),
          Array.isArray(await answer(QUESTION, CONTEXT, { top_k: 2 })),
        ];
      },
    },
    {
      name: 'fields `start`, `end`, `null_score`',
      state: 'more',
      run: async (api) => (await (await qa(api))(QUESTION, CONTEXT)).end > 0,
    },
    {
      name: '`doc_stride`, `max_answer_len`, `max_question_len`, `max_seq_len`, `handle_impossible_answer`, `align_to_words`, `on_window`; `predict()`',
      state: 'more',
      run: async (api) => (await (await qa(api))(QUESTION, CONTEXT, { max_answer_len: 1 })).answer.split(' ').length,
    },
  ],
  '`text-classification`': [
    { name: 'one text; fields `label`, `score`', state: 'same', run: call(classes, [TEXTS[0]]) },
    { name: 'a list of texts', state: 'same', run: call(classes, [TEXTS]) },
    { name: '`top_k`', state: 'same', run: call(classes, [TEXTS], { top_k: 2 }) },
    { name: '`top_k: null`', state: 'same', run: call(classes, [TEXTS[1]], { top_k: null }) },
    {
      name: '`function_to_apply`; pairs `{ text, text_pair }`; `predict()`',
      state: 'more',
      run: async (api) => (await (await classes(api))({ text: 'a', text_pair: 'b' }))[0].label,
    },
  ],
  '`token-classification`': [
    {
      name: 'one text; fields `entity`, `score`, `index`, `word`',
      state: 'same',
      run: async (api) => withoutPieces(await (await tags(api))(NAMES)),
    },
    {
      name: 'a list of texts',
      state: 'same',
      run: async (api) => (await (await tags(api))([NAMES, NAMES])).map(withoutPieces),
    },
    {
      name: '`ignore_labels`',
      state: 'same',
      run: async (api) => withoutPieces(await (await tags(api))(NAMES, { ignore_labels: [] })),
    },
    {
      name: '`aggregation_strategy: "simple"`; field `entity_group`',
      state: 'same',
      run: call(tags, [NAMES], { aggregation_strategy: 'simple' }),
    },
    {
      name: 'fields `start`, `end`',
      state: 'more',
      run: async (api) => (await (await tags(api))(NAMES))[0].end,
    },
    {
      name: 'other strategies (`first`, `average`, `max`); `stride`, `on_window`',
      state: 'more',
      run: async (api) => (await (await tags(api))(NAMES, { aggregation_strategy: 'max' })).length > 0,
    },
  ],
  '`feature-extraction`': [
    {
      name: '`pooling: "none"`; `dims`, `data`, `type`',
      state: 'same',
      run: async (api) => plain(await (await vectors(api))(TEXTS[0])),
    },
    ...['mean', 'cls', 'first_token', 'last_token', 'eos'].map(
      (pooling) =>
        /** @type {Row} */ ({
          name: `\`pooling: "${pooling}"\``,
          state: 'same',
          run: async (api) => plain(await (await vectors(api))(TEXTS[0], { pooling })),
        }),
    ),
    {
      name: 'a list of texts, `normalize`',
      state: 'same',
      run: async (api) => plain(await (await vectors(api))(TEXTS, { pooling: 'mean', normalize: true })),
    },
    {
      name: '`pooling: "last_token"` of texts of several lengths',
      state: 'differs',
      note: 'each text’s own last token; transformers.js takes what fills up the shorter ones',
      run: async (api) => plain(await (await vectors(api))(TEXTS, { pooling: 'last_token' })),
    },
    ...['binary', 'ubinary'].map(
      (precision) =>
        /** @type {Row} */ ({
          name: `\`quantize\`, \`precision: "${precision}"\``,
          state: 'same',
          run: async (api) => plain(await (await vectors(api))(TEXTS, { pooling: 'mean', quantize: true, precision })),
        }),
    ),
    {
      name: '`tolist()`',
      state: 'same',
      run: async (api) => (await (await vectors(api))(TEXTS, { pooling: 'mean' })).tolist(),
    },
    {
      name: '`pooling: "max"`; field `tokens`',
      state: 'more',
      run: async (api) => (await (await vectors(api))(TEXTS[0])).tokens.length,
    },
  ],
  '`AutoTokenizer` and `pipe.tokenizer`': [
    {
      name: 'every call',
      state: 'differs',
      note: 'a promise, for the tokenizer works in the model’s worker: write `await` (which changes nothing in transformers.js)',
      run: async (api) => typeof (await mlm(api)).tokenizer.encode('a').then,
    },
    {
      name: '`AutoTokenizer.from_pretrained(model)`',
      state: 'same',
      note: 'no weights are fetched',
      run: async ({ AutoTokenizer, at }) => (await AutoTokenizer.from_pretrained(at('bert-mlm'))).mask_token_id,
    },
    ...Object.entries({
      '`tokenizer(text)`: `input_ids`, `attention_mask`, `token_type_ids`': [TEXTS[1]],
      '`tokenizer(texts, { padding, truncation })`': [TEXTS, { padding: true, truncation: true }],
      '`text_pair`': ['a cat .', { text_pair: 'a dog .' }],
      '`add_special_tokens: false`': [TEXTS[1], { add_special_tokens: false }],
      '`padding: "max_length"`, `max_length`': [TEXTS[0], { padding: 'max_length', max_length: 12, truncation: true }],
    }).map(
      ([name, args]) =>
        /** @type {Row} */ ({
          name,
          state: 'same',
          run: async (api) => {
            const encoded = await (await mlm(api)).tokenizer(...args);
            return Object.fromEntries(Object.entries(encoded).map(([key, tensor]) => [key, plain(tensor)]));
          },
        }),
    ),
    {
      name: '`return_tensor: false`',
      state: 'same',
      run: async (api) => (await mlm(api)).tokenizer(TEXTS, { return_tensor: false }),
    },
    {
      name: '`truncation` of a text that is too long',
      state: 'differs',
      note: 'the special tokens stay, as in transformers; transformers.js cuts them off',
      run: async (api) =>
        plain((await (await mlm(api)).tokenizer(TEXTS[1], { truncation: true, max_length: 4 })).input_ids),
    },
    {
      name: '`encode(text)`, `text_pair`, `add_special_tokens`',
      state: 'same',
      run: async (api) => {
        const { tokenizer } = await mlm(api);
        return [
          await tokenizer.encode(TEXTS[1]),
          await tokenizer.encode('a', { text_pair: 'b', add_special_tokens: false }),
        ];
      },
    },
    { name: '`tokenize(text)`', state: 'same', run: async (api) => (await gpt(api)).tokenizer.tokenize(PROMPT) },
    {
      name: '`decode(ids)`, `skip_special_tokens`',
      state: 'same',
      run: async (api) => {
        const { tokenizer } = await mlm(api);
        const ids = await tokenizer.encode(TEXTS[1]);
        return [await tokenizer.decode(ids), await tokenizer.decode(ids, { skip_special_tokens: true })];
      },
    },
    {
      name: '`batch_decode(rows)`',
      state: 'same',
      run: async (api) => {
        const { tokenizer } = await gpt(api);
        return tokenizer.batch_decode([await tokenizer.encode(PROMPT), await tokenizer.encode(' and then')]);
      },
    },
    {
      name: '`convert_tokens_to_ids`',
      state: 'same',
      run: async (api) => (await mlm(api)).tokenizer.convert_tokens_to_ids(['[MASK]', 'the']),
    },
    {
      name: '`apply_chat_template`: `tokenize: false`, `add_generation_prompt`',
      state: 'same',
      run: async (api) => {
        const { tokenizer } = await chat(api);
        return [
          await tokenizer.apply_chat_template(MESSAGES, { tokenize: false, add_generation_prompt: true }),
          await tokenizer.apply_chat_template(MESSAGES, { tokenize: false }),
        ];
      },
    },
    {
      name: '`apply_chat_template`: `return_tensor`, `return_dict`, `chat_template`',
      state: 'same',
      run: async (api) =>
        (await chat(api)).tokenizer.apply_chat_template(MESSAGES, {
          return_tensor: false,
          return_dict: false,
          chat_template: '{{ messages[0].content }}!',
        }),
    },
    { name: '`model_max_length`', state: 'same', run: async (api) => (await mlm(api)).tokenizer.model_max_length },
    {
      name: '`return_offsets_mapping`: `offset_mapping`',
      state: 'more',
      note: 'where each token stands in the text, in UTF-16 units',
      run: async (api) => (await (await mlm(api)).tokenizer('a cat', { return_offsets_mapping: true })).offset_mapping,
    },
    {
      name: '`clean_up_tokenization_spaces`',
      state: 'not supported',
      option: 'clean_up_tokenization_spaces',
      run: async (api) => (await mlm(api)).tokenizer.decode([7, 8], { clean_up_tokenization_spaces: false }),
    },
    {
      name: '`get_vocab()`, `get_chat_template()`',
      state: 'differs',
      note: 'not there',
      run: async (api) => typeof (await mlm(api)).tokenizer.get_vocab,
    },
  ],
};

/** Of tags, those of whole words: of pieces, transformers.js's `word` lacks the `##` that transformers' has. @param {any[]} tags */
function withoutPieces(tags) {
  return tags.filter(({ word }) => !word.startsWith('##'));
}

/** A result as JSON has it. @param {unknown} value @returns {any} */
export const plainly = (value) =>
  JSON.parse(
    JSON.stringify(value ?? null, (_, one) =>
      typeof one === 'bigint'
        ? Number(one)
        : ArrayBuffer.isView(one)
          ? Array.from(/** @type {any} */ (one), Number)
          : one,
    ),
  );

/** Runs every script. @param {Api} api @returns {Promise<Record<string, { result?: any, error?: { message: string, code?: string, option?: string } }>>} */
export async function runAll(api) {
  /** @type {Record<string, any>} */
  const outcomes = {};
  for (const [section, rows] of Object.entries(SECTIONS))
    for (const { name, run } of rows) {
      try {
        outcomes[`${section} | ${name}`] = { result: plainly(await run(api)) };
      } catch (error) {
        const { message, code, details } = /** @type {any} */ (error);
        outcomes[`${section} | ${name}`] = { error: { message, code, option: details?.option } };
      }
    }
  return outcomes;
}

/** Pipelines by task and model, each opened once. @param {any} pipeline @param {(model: string) => string} at */
export function opener(pipeline, at) {
  /** @type {Map<string, Promise<any>>} */
  const pipes = new Map();
  return (/** @type {string} */ task, /** @type {string} */ model) => {
    const key = `${task} ${model}`;
    const pipe = pipes.get(key) ?? pipeline(task, at(model), { dtype: 'fp32' });
    pipes.set(key, pipe);
    return pipe;
  };
}
