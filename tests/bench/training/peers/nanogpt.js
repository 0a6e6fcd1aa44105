// @genai-fi/nanogpt on the `cpu` backend of the tfjs that it bundles: its own operations have no kernels for tfjs's wasm. GPT alone, by
// its public API; its GPT has RMSNorm and no biases, and it cuts the same tokens into windows of its own.
import { TeachableLLM } from '/target/bench/training-peers/node_modules/@genai-fi/nanogpt/dist/main.js';

export async function open({ model, batches }) {
  await TeachableLLM.selectBackend('cpu');
  const { vocab, width, layers, heads, context, batch } = model;
  const config = { vocabSize: vocab, blockSize: context, nLayer: layers, nHead: heads, nEmbed: width, mlpFactor: 4 };
  const llm = TeachableLLM.create('char', { ...config, modelType: 'GenAI_NanoGPT_v1', useRope: false });
  await new Promise((resolve, reject) => {
    llm.on('loaded', resolve);
    llm.on('error', reject);
  });
  const tokens = [Uint16Array.from(batches.flatMap(({ inputs }) => inputs))];
  const { training } = llm;
  /** Who waits for the next step. */
  let waiting;
  const options = {
    method: { type: 'pretraining' },
    batchSize: batch,
    maxEpochs: 1000,
    // Milliseconds: after each step.
    logInterval: 1,
    learningRate: model.learning_rate,
    minLearningRate: model.learning_rate,
    warmupSteps: 1,
    weightDecay: model.weight_decay,
    beta1: model.beta1,
    beta2: model.beta2,
    epsilon: model.eps,
    // No `clipNorm`: that has no kernel for this backend.
  };
  const started = [];
  training.on('progress', (job) => {
    const { trainingMetrics } = job.history.at(-1);
    started.push({ loss: trainingMetrics.loss, tokens: batch * context });
    waiting?.();
  });
  training.on('error', (_, error) => waiting?.(error));
  await training.job(options, tokens, [{ id: 'bench', name: 'bench' }]);
  return {
    runtime: { build: 'tfjs cpu', threads: 1 },
    parameters: llm.getNumParams(),
    /** The next step that it finishes: it does one after the other by itself. */
    async step() {
      while (started.length === 0) {
        const error = await new Promise((resolve) => (waiting = resolve));
        if (error) throw error;
      }
      return started.shift();
    },
  };
}
