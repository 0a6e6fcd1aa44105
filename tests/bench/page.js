// What is measured, in the page: through each system's public API, as a user would.
//
// An adapter (./cloze.js, ./peers/*.js) exports
//   gpt2(options) -> stream(prompt, tokens, onToken) -> { prompt_tokens, ids?, text? }: greedy, a call of onToken per token
//   bert(options) -> { fill(text) -> id of the likeliest token, nsp?(a, b) }
const adapter = await import(`./${new URLSearchParams(location.search).get('kind')}.js`);

/** Words of the default models' vocabularies, one token each. `first` keeps a prompt from being one that was read before. */
const words = (count, first = 'the') =>
  [first, ...Array.from({ length: count - 1 }, (_, i) => ['man', 'was', 'in', 'the', 'house', 'the'][i % 6])].join(' ');

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

/** The median of a few, where one is short enough to be disturbed by chance. */
async function typical(work) {
  const times = [];
  do times.push((await timed(work))[0]);
  while (times.length < 7 && times.reduce((a, b) => a + b) < 1000);
  return times.sort((a, b) => a - b)[times.length >> 1];
}

/** When each token came, ms after the call. */
async function arrivals(stream, prompt, tokens) {
  const times = [];
  const start = performance.now();
  const { prompt_tokens } = await stream(prompt, tokens, () => times.push(performance.now() - start));
  if (times.length < tokens) throw new Error(`${times.length} tokens instead of ${tokens}`);
  return { prompt_tokens, times };
}

/** GPT-2, once `load` has loaded it. */
let stream;

const decode = async (tokens) => {
  const { times } = await arrivals(stream, 'Once upon a time', tokens);
  return (1000 * (times.length - 1)) / (times.at(-1) - times[0]);
};

window.measure = {
  /** How long it takes. */
  async load(options) {
    const [ms, loaded] = await timed(() => adapter.gpt2(options));
    stream = loaded;
    return ms;
  },

  async gpt2({ tokens, prompt }) {
    // Warm-up, with every shape that follows: ONNX Runtime sets its memory out anew for each.
    await arrivals(stream, 'Once upon a time', 8);
    await arrivals(stream, words(prompt, 'house'), 1);
    const decode_tok_s = await decode(tokens);
    const read = await arrivals(stream, words(prompt), 1);
    return {
      decode_tok_s,
      prefill_tok_s: (1000 * read.prompt_tokens) / read.times[0],
      first_token_ms: read.times[0],
      prompt_tokens: read.prompt_tokens,
      runtime: stream.runtime,
      browser: /\w*Chrome\/[\d.]+/.exec(navigator.userAgent)?.[0],
    };
  },

  decode,

  /** From the start of the navigation to the first token. */
  async warmLoad(options) {
    const stream = await adapter.gpt2(options);
    let first;
    await stream('Once upon a time', 1, () => {
      first ??= performance.now();
    });
    return first;
  },

  async bert(options, { lengths }) {
    const { fill, nsp } = await adapter.bert(options);
    const results = {};
    for (const length of lengths) {
      // [CLS], the mask, the full stop and [SEP] count too.
      const text = `${words(length - 4)} [MASK] .`;
      await fill(text);
      results[`fill_mask_${length}`] = await typical(() => fill(text));
    }
    if (nsp) {
      await nsp(words(63), words(62));
      results.nsp_128 = await typical(() => nsp(words(63), words(62)));
    }
    return results;
  },

  async continuation(options, prompt, tokens) {
    const stream = await adapter.gpt2(options);
    return stream(prompt, tokens, () => undefined);
  },

  async mask(options, text) {
    const { fill } = await adapter.bert(options);
    return fill(text);
  },
};
window.ready = true;
