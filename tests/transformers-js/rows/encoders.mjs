/** Masked words, answers, classes, tags, vectors. */
import {
  FILL,
  FILLS,
  QUESTION,
  CONTEXT,
  TEXTS,
  NAMES,
  mlm,
  qa,
  classes,
  tags,
  vectors,
  call,
  plain,
  withoutPieces,
} from './support.mjs';

/** @typedef {import('./support.mjs').Row} Row */

/** @type {Record<string, Row[]>} */
export const SECTIONS = {
  '`fill-mask`': [
    { name: 'one text', state: 'same', run: call(mlm, [FILL]) },
    { name: 'a list of texts', state: 'same', run: call(mlm, [FILLS]) },
    { name: '`top_k`', state: 'same', run: call(mlm, [FILL], { top_k: 3 }) },
    { name: 'fields `score`, `token`, `token_str`, `sequence`', state: 'same', run: call(mlm, [FILL], { top_k: 2 }) },
    {
      name: '`sequence` of a text with capitals and blanks',
      state: 'differs',
      note: 'the text as it was written, with the word in it; transformers.js decodes the tokens',
      run: async (api) => (await (await mlm(api))('The cat  sat on the [MASK] !', { top_k: 1 }))[0].sequence,
    },
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
      run: async (api) => (await (await classes(api))(TEXTS[0], { function_to_apply: 'none' }))[0].score,
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
      run: call(tags, [NAMES], { aggregation_strategy: 'simple', ignore_labels: [] }),
    },
    {
      name: '`aggregation_strategy: "simple"` across words that are left out',
      state: 'differs',
      note: 'what stands apart in the text stays apart, as in transformers; transformers.js joins it',
      run: async (api) => (await (await tags(api))(NAMES, { aggregation_strategy: 'simple' })).length,
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
};
