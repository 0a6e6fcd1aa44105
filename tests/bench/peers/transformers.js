// transformers.js on ONNX Runtime's wasm. The file is the one that its CDN serves.
import { env, pipeline } from '/target/bench/peers/node_modules/@huggingface/transformers/dist/transformers.min.js';

env.allowLocalModels = true;
env.allowRemoteModels = false;
env.localModelPath = '/target/bench/peers/models/';

async function open(task, model, { dtype, threads }) {
  // Half the size of the default build, which also has WebGPU and runs its wasm through asyncify.
  const ort = '/target/bench/peers/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded';
  env.backends.onnx.wasm.wasmPaths = { mjs: `${ort}.mjs`, wasm: `${ort}.wasm` };
  env.backends.onnx.wasm.numThreads = threads;
  return pipeline(task, model, { dtype, device: 'wasm' });
}

export async function gpt2(options) {
  const { model, tokenizer } = await open('text-generation', 'gpt2', options);
  const stream = async (prompt, tokens, onToken) => {
    const inputs = tokenizer(prompt);
    const prompt_tokens = inputs.input_ids.dims[1];
    const ids = [];
    let started = false;
    const streamer = {
      // The prompt comes first.
      put([made]) {
        if (started) {
          ids.push(...made.map(Number));
          onToken();
        }
        started = true;
      },
      end() {},
    };
    await model.generate({ ...inputs, max_new_tokens: tokens, do_sample: false, streamer });
    return { prompt_tokens, ids };
  };
  return Object.assign(stream, {
    runtime: { build: 'ort-wasm-simd-threaded', threads: env.backends.onnx.wasm.numThreads },
  });
}

export async function bert(options) {
  const unmask = await open('fill-mask', 'bert', options);
  return { fill: async (text) => (await unmask(text))[0].token };
}
