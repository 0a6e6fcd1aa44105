// Flare, a Rust engine: without a GPU one thread, the one that calls it.
import init, { FlareEngine } from '/target/bench/smollm2/node_modules/@sauravpanda/flare/pkg/flare_web.mended.js';

export async function gpt2({ folder, file }) {
  await init();
  const engine = FlareEngine.load(new Uint8Array(await (await fetch(folder + file)).arrayBuffer()));
  const stream = (prompt, tokens, onToken) => {
    const ids = engine.encode_text(prompt);
    engine.reset();
    engine.begin_stream(ids, tokens);
    let text = '';
    for (let id; (id = engine.next_token()) !== undefined;) {
      text += engine.decode_ids(Uint32Array.of(id));
      onToken();
    }
    return { prompt_tokens: ids.length, text };
  };
  return Object.assign(stream, { runtime: { build: 'flare', threads: 1 } });
}
