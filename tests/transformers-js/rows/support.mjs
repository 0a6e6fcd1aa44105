/**
 * What the rows' scripts have in common: models, texts, and ways to ask.
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

export const FILL = 'the cat sat on the [MASK].';
export const FILLS = [FILL, 'she was [MASK] in the garden.'];
export const QUESTION = 'who sat ?';
export const CONTEXT = 'the black cat sat on the mat .';
export const TEXTS = ['a good day .', 'the man went home with his dog .'];
export const NAMES = 'john lives in london with mary .';
export const PROMPT = 'Once upon a time';
export const GREEDY = { max_new_tokens: 8, do_sample: false };
export const MESSAGES = [{ role: 'user', content: 'Hello' }];

export const mlm = (/** @type {Api} */ { open }) => open('fill-mask', 'bert-mlm');
export const qa = (/** @type {Api} */ { open }) => open('question-answering', 'bert-qa');
export const classes = (/** @type {Api} */ { open }) => open('text-classification', 'bert-classes');
export const tags = (/** @type {Api} */ { open }) => open('token-classification', 'bert-tags');
export const vectors = (/** @type {Api} */ { open }) => open('feature-extraction', 'bert-mlm');
export const gpt = (/** @type {Api} */ { open }) => open('text-generation', 'gpt2');
export const chat = (/** @type {Api} */ { open }) => open('text-generation', 'gpt2-chat');

/** One row: a call with options. @param {(api: Api) => Promise<any>} pipe @param {unknown[]} args @param {object} [options] */
export const call =
  (pipe, args, options) =>
  /** @param {Api} api */
  async (api) =>
    (await pipe(api))(...args, ...(options ? [options] : []));

/** An option that is refused. @param {string} name @param {(api: Api) => Promise<any>} pipe @param {unknown[]} args @param {unknown} value @param {string} note @returns {Row} */
export const refused = (name, pipe, args, value, note) => ({
  name: `\`${name}\``,
  state: 'not supported',
  note,
  option: name,
  run: call(pipe, args, { ...(args[0] === PROMPT && GREEDY), [name]: value }),
});

/** @param {Tensorish} tensor @typedef {{ type: string, dims: number[], data: ArrayLike<number | bigint> }} Tensorish */
export const plain = ({ type, dims, data }) => ({ type, dims: [...dims], data: Array.from(data, Number) });

/** What a streamer gives out for a text. @param {(api: Api) => Promise<any>} pipe @param {unknown} prompt @param {object} options */
export const streamed = (pipe, prompt, options) => async (/** @type {Api} */ api) => {
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

/** What is told of a load. @type {WeakMap<object, Promise<any[]>>} */
const loads = new WeakMap();

/** @param {Api} api */
async function load({ pipeline, at }) {
  /** @type {any[]} */
  const heard = [];
  const progress_callback = (/** @type {any} */ event) => heard.push(event);
  // A model that nothing else has loaded before.
  const pipe = await pipeline('token-classification', at('bert-tags'), { dtype: 'fp32', progress_callback });
  await pipe.dispose();
  return heard;
}

/** The events of a load. @param {Api} api @param {string} status @param {(event: any) => unknown} read */
export const events = async (api, status, read) => {
  const loading = loads.get(api) ?? load(api);
  loads.set(api, loading);
  const found = (await loading).filter((event) => event.status === status);
  return [...new Set(found.map(read).map(String))].sort();
};

/** Which fields of an event are there. @param {string[]} fields */
export const has = (fields) => (/** @type {any} */ event) =>
  fields.filter((field) => event[field] !== undefined && event[field] !== null).join(' ');

/** Of tags, those of whole words: of pieces, transformers.js's `word` lacks the `##` that transformers' has. @param {any[]} tags */
export function withoutPieces(tags) {
  return tags.filter(({ word }) => !word.startsWith('##'));
}
