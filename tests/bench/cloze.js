// Cloze itself.
import { pipeline } from '../../pkg/dist/index.js';

export async function gpt2({ gpt2: model, bert: _, ...options }) {
  const generate = await pipeline('text-generation', model, options);
  const stream = async (prompt, tokens, onToken) => {
    const [{ prompt_tokens, tokens: made }] = await generate(prompt, {
      max_new_tokens: tokens,
      do_sample: false,
      top_logprobs: 0,
      prefill_chunk: 128,
      on_token: onToken,
    });
    return { prompt_tokens, ids: made.map(({ id }) => id) };
  };
  return Object.assign(stream, { runtime: generate.runtime });
}

export async function bert({ bert: model, gpt2: _, ...options }) {
  const unmask = await pipeline('fill-mask', model, options);
  const compare = await pipeline('next-sentence-prediction', model, options);
  return { fill: async (text) => (await unmask(text))[0].token, nsp: (a, b) => compare(a, b) };
}
