/** Text generation and summaries. */
import { PROMPT, GREEDY, MESSAGES, gpt, chat, call, refused, streamed } from './support.mjs';

/** @typedef {import('./support.mjs').Row} Row */

/** @type {Record<string, Row[]>} */
export const SECTIONS = {
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
};
