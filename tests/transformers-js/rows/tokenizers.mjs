/** Tokenizers. */
import { TEXTS, PROMPT, MESSAGES, mlm, gpt, chat, plain } from './support.mjs';

/** @typedef {import('./support.mjs').Row} Row */

/** @type {Record<string, Row[]>} */
export const SECTIONS = {
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
