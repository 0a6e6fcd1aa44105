/** Which models are trained, and by whom. */

/** What is compared with. */
export const PACKAGES = { '@jax-js/jax': '0.1.25', '@genai-fi/nanogpt': '1.3.0' };

/**
 * @typedef {'gpt' | 'bert' | 'elmo'} Architecture
 *
 * @typedef {object} Model a model and how it learns, the same for all
 * @property {Architecture} architecture
 * @property {number} vocab
 * @property {number} width
 * @property {number} layers
 * @property {number} heads
 * @property {number} context
 * @property {number} batch
 * @property {number} learning_rate
 * @property {number} weight_decay
 * @property {number} beta1
 * @property {number} beta2
 * @property {number} eps
 * @property {number} clip
 *
 * @typedef {object} System
 * @property {string} kind which adapter the page loads: `./KIND.js`
 * @property {Record<string, unknown>} [options] of `openTraining`
 * @property {boolean} [muon] whether Muon takes the layers' matrices, as in the playground
 * @property {Partial<Record<Architecture, number>>} checked steps until the losses are compared; what it does not train is left out
 * @property {{ warm: number, steps: number, seconds: number }} speed steps before it is timed, and how long it is then
 */

const SHAPE = { vocab: 288, width: 96, layers: 3, heads: 3, context: 64, batch: 16 };
const LEARNING = { learning_rate: 3e-3, weight_decay: 0.01, beta1: 0.9, beta2: 0.98, eps: 1e-6, clip: 1 };

/** 0.37 million weights; BERT 0.39 with its two heads, ELMo 0.35 with two layers each way. @type {Record<Architecture, Model>} */
export const MODELS = {
  gpt: { architecture: 'gpt', ...SHAPE, ...LEARNING },
  bert: { architecture: 'bert', ...SHAPE, ...LEARNING },
  elmo: { architecture: 'elmo', ...SHAPE, layers: 2, ...LEARNING },
};

/** 4.2 million weights, for the memory that they take. @type {Model} */
export const LARGE = { ...MODELS.gpt, vocab: 1024, width: 256, layers: 5, heads: 8 };

const all = { gpt: 40, bert: 40, elmo: 12 };
const ours = { kind: 'cloze', checked: all, speed: { warm: 5, steps: 10, seconds: 4 } };

/** @returns {Record<string, System>} */
export const ourSystems = () => ({
  cloze: ours,
  'cloze-1t': { ...ours, options: { build: 'relaxed-simd' } },
  'cloze-simd128': { ...ours, options: { build: 'simd128' } },
  'cloze-muon': { ...ours, muon: true },
});

/** A step of nanogpt takes many seconds. @returns {Record<string, System>} */
export const peerSystems = () => ({
  'jax-js': { kind: 'peers/jax', checked: all, speed: { warm: 3, steps: 4, seconds: 6 } },
  nanogpt: { kind: 'peers/nanogpt', checked: { gpt: 4 }, speed: { warm: 0, steps: 1, seconds: 0 } },
});

/** A few steps, to show that it works. @param {System} system @returns {System} */
export const brief = (system) => ({
  ...system,
  checked: { gpt: 6, bert: 6, elmo: 3 },
  speed: { warm: 0, steps: 2, seconds: 0 },
});
