// What is measured, in the page: through the public API, as a user would.
import { pipeline } from '../../pkg/dist/index.js';

/** Words of the default models' vocabularies, one token each. */
const words = (count) => Array.from({ length: count }, (_, i) => ['the', 'man', 'was', 'in', 'the', 'house'][i % 6]).join(' ');

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

window.measure = {
  async gpt2(options, { repetitions, tokens, prompt }) {
    const [load, generate] = await timed(() => pipeline('text-generation', '/target/bench/gpt2/', options));
    const runs = { decode: [], prefill: [], first: [] };
    for (let i = 0; i <= repetitions; i++) {
      const [short] = await generate('Once upon a time', { max_new_tokens: tokens, do_sample: false, top_logprobs: 0 });
      const long = words(prompt);
      const [first, [read]] = await timed(() => generate(long, { max_new_tokens: 1, do_sample: false, prefill_chunk: 128 }));
      // The first round warms up.
      if (i === 0) continue;
      runs.decode.push(short.timing.tokens_per_second);
      runs.prefill.push((1000 * read.prompt_tokens) / read.timing.prefill_ms);
      runs.first.push(first);
    }
    return { load, runs, runtime: generate.runtime, info: generate.info };
  },

  async bert(options, { repetitions, lengths }) {
    const unmask = await pipeline('fill-mask', '/target/bench/bert-base/', options);
    const compare = await pipeline('next-sentence-prediction', '/target/bench/bert-base/', options);
    const runs = {};
    for (const length of lengths) {
      // [CLS], the mask, the full stop and [SEP] count too.
      const text = `${words(length - 4)} [MASK] .`;
      runs[`fill_mask_${length}`] = [];
      for (let i = 0; i <= repetitions; i++) {
        const [time] = await timed(() => unmask(text));
        if (i > 0) runs[`fill_mask_${length}`].push(time);
      }
    }
    runs.nsp_128 = [];
    for (let i = 0; i <= repetitions; i++) {
      const [time] = await timed(() => compare(words(63), words(62)));
      if (i > 0) runs.nsp_128.push(time);
    }
    return { runs, runtime: unmask.runtime };
  },
};
window.ready = true;
