// The same GPT, BERT and ELMo in jax-js, on its wasm backend (threads where the page is isolated), as its README shows: one
// jitted step with forward pass, gradients, clipping and AdamW.
import { bertLoss, elmoLoss, gptLoss } from './jax-models.js';
import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  numpy as np,
  tree,
  valueAndGrad,
} from '/target/bench/training-peers/node_modules/@jax-js/jax/dist/index.js';

const LOSSES = { gpt: gptLoss, bert: bertLoss, elmo: elmoLoss };

const zeros = (params) => tree.map((leaf) => np.zeros(leaf.shape), params);
const number = (value) => np.array(new Float32Array([value])).reshape([]);

/** Gradients that are longer than `clip` together, shortened to it. */
function clipped(gradients, clip) {
  const squares = tree.leaves(gradients).map((g) => np.sum(np.square(g.ref)));
  const norm = np.sqrt(squares.reduce((a, b) => a.add(b)));
  const factor = np.minimum(np.trueDivide(clip, norm.add(1e-6)), 1);
  const all = tree.map((g) => g.mul(factor.ref), gradients);
  factor.dispose();
  return all;
}

/** As `torch.optim.AdamW`; `rate` and `root` hold what depends on the step. */
function adamw({ learning_rate, weight_decay, beta1, beta2, eps }, state, gradients, rate, root) {
  const [params, treedef] = tree.flatten(state.params);
  const [means, squares] = [tree.leaves(state.means), tree.leaves(state.squares)];
  const next = { params: [], means: [], squares: [] };
  tree.leaves(gradients).forEach((gradient, i) => {
    const mean = means[i].mul(beta1).add(gradient.ref.mul(1 - beta1));
    const square = squares[i].mul(beta2).add(np.square(gradient).mul(1 - beta2));
    const keep = params[i].ndim > 1 ? 1 - learning_rate * weight_decay : 1;
    const step = rate.ref.mul(mean.ref).div(np.sqrt(square.ref).div(root.ref).add(eps));
    next.params.push(params[i].mul(keep).sub(step));
    next.means.push(mean);
    next.squares.push(square);
  });
  rate.dispose();
  root.dispose();
  return Object.fromEntries(Object.entries(next).map(([name, leaves]) => [name, tree.unflatten(treedef, leaves)]));
}

export async function open({ model, batches }) {
  await init('wasm');
  defaultDevice('wasm');
  const { initial, inputs, loss } = LOSSES[model.architecture](model);
  const params = initial();
  let state = { means: zeros(tree.ref(params)), squares: zeros(tree.ref(params)), params };
  const step = jit((before, batch, rate, root) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(before.params), batch);
    return { loss: value, state: adamw(model, before, clipped(gradients, model.clip), rate, root) };
  });
  let done = 0;
  return {
    runtime: { build: 'wasm', threads: crossOriginIsolated ? navigator.hardwareConcurrency : 1 },
    parameters: tree.leaves(state.params).reduce((sum, leaf) => sum + leaf.shape.reduce((a, b) => a * b, 1), 0),
    async step() {
      const batch = batches[done++ % batches.length];
      const rate = number(model.learning_rate / (1 - model.beta1 ** done));
      const root = number(Math.sqrt(1 - model.beta2 ** done));
      const result = step(state, inputs(batch), rate, root);
      state = result.state;
      await blockUntilReady(state);
      return { loss: (await result.loss.data())[0], tokens: batch.tokens };
    },
  };
}
