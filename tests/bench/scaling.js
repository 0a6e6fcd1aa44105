// What ../scaling.mjs measures, in the page.
import { env, pipeline } from '../../pkg/dist/index.js';

// Each model is loaded as it stands; what a kept copy saves is another question.
env.use_browser_cache = false;

const WORDS = ['man', 'was', 'in', 'the', 'house', 'the'];
/** So many words of the default models' vocabularies, one token each; `first` tells texts apart. */
const words = (count, first = 'the') =>
  [first, ...Array.from({ length: count - 1 }, (_, i) => WORDS[i % WORDS.length])].join(' ');

/** Milliseconds: the median of at least three, and of as many as fit into a second, up to seven. */
async function typical(work) {
  const times = [];
  while (times.length < 3 || (times.length < 7 && times.reduce((a, b) => a + b) < 1000)) {
    const start = performance.now();
    await work(times.length);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

/** From the prompt to its first token, for each length; then tokens a second behind the longest prompt that leaves room. */
async function gpt2(model, options, lengths) {
  const start = performance.now();
  const generate = await pipeline('text-generation', model, options);
  const load_ms = performance.now() - start;
  const settings = { do_sample: false, top_logprobs: 0, prefill_chunk: 128 };
  const first = (length) => generate(words(length), { ...settings, max_new_tokens: 1 });
  const first_token_ms = {};
  for (const length of lengths) {
    await first(length);
    first_token_ms[length] = await typical(() => first(length));
  }
  const times = [];
  await generate('the house', { ...settings, max_new_tokens: 48, on_token: () => times.push(performance.now()) });
  const decode_tok_s = (1000 * (times.length - 1)) / (times.at(-1) - times[0]);
  const { parameters, weight_bytes } = generate.info;
  generate.dispose();
  return { load_ms, first_token_ms, decode_tok_s, parameters, weight_bytes };
}

/** Filling a mask, for each length; then candidates for a next sentence of 32 tokens a pair, and a text of 32 scored. */
async function bert(model, options, lengths, batches) {
  const start = performance.now();
  const unmask = await pipeline('fill-mask', model, options);
  const load_ms = performance.now() - start;
  const fill_mask_ms = {};
  for (const length of lengths) {
    // [CLS], the mask, the full stop and [SEP] count too.
    const text = `${words(length - 4)} [MASK] .`;
    await unmask(text);
    fill_mask_ms[length] = await typical(() => unmask(text));
  }
  const compare = await pipeline('next-sentence-prediction', model, options);
  const next_sentence_ms = {};
  for (const batch of batches) {
    const candidates = Array.from({ length: batch }, (_, i) => words(14, WORDS[i % WORDS.length]));
    next_sentence_ms[batch] = await typical(() => compare(words(15), candidates));
  }
  const pseudo_perplexity_ms =
    batches.length > 0 ? await typical(() => unmask.pseudo_perplexity(words(30))) : undefined;
  const { parameters, weight_bytes } = unmask.info;
  unmask.dispose();
  compare.dispose();
  return { load_ms, fill_mask_ms, next_sentence_ms, pseudo_perplexity_ms, parameters, weight_bytes };
}

window.scaling = { gpt2, bert };
window.ready = true;
