/** What kind of model the kept files are of. */
import type { Note } from './note.js';
import type { Store } from './store.js';

/** From `config.json`, else from a GGUF file's first entries; undefined if neither is there. */
export async function modelType(kept: Store, notes: readonly Note[]): Promise<string | undefined> {
  const config = notes.find(({ name, complete }) => complete && name === 'config.json');
  if (config) {
    try {
      const { model_type } = JSON.parse(new TextDecoder().decode(await head(kept, config))) as { model_type?: unknown };
      if (typeof model_type === 'string') return model_type;
    } catch {
      // No JSON: the core will say so when it is loaded.
    }
  }
  const gguf = notes.find(({ name, safe }) => /\.gguf$/iu.test(name) && safe[0]?.[0] === 0);
  return gguf && architectureIn(await head(kept, gguf));
}

/** The first bytes of a file; all of a small one. */
async function head(kept: Store, note: Note): Promise<Uint8Array> {
  for await (const piece of kept.pieces(note)) return piece;
  return new Uint8Array();
}

const KEY = 'general.architecture';
/** GGUF's number for a string. */
const STRING = 8;

/** `general.architecture`, which writers of GGUF files put first: key, kind (u32), length (u64), text. */
export function architectureIn(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 4096));
  const at = text.indexOf(KEY) + KEY.length;
  if (!text.startsWith('GGUF') || at < KEY.length || at + 12 > text.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(at + 4, true));
  return view.getUint32(at, true) === STRING && at + 12 + length <= text.length
    ? text.slice(at + 12, at + 12 + length)
    : undefined;
}
