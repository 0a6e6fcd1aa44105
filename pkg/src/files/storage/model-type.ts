/** What kind of model the stored files are of. */
import { GGUF_HEAD } from '../bytes/sizes.js';
import { isGguf } from '../bytes/weight-files.js';
import type { FileRecord } from './record.js';
import type { Store } from './store.js';

/** From `config.json`, else from a GGUF file's first entries; undefined if neither is there. */
export async function modelType(store: Store, records: readonly FileRecord[]): Promise<string | undefined> {
  const config = records.find(({ name, complete }) => complete && name === 'config.json');
  const named = config && modelTypeIn(await firstPiece(store, config));
  if (named !== undefined) return named;
  const gguf = records.find(({ name, safe }) => isGguf(name) && safe[0]?.[0] === 0);
  return gguf && architectureIn(await firstPiece(store, gguf));
}

/** The `model_type` of a `config.json`. */
function modelTypeIn(config: Uint8Array): string | undefined {
  try {
    const { model_type } = JSON.parse(new TextDecoder().decode(config)) as { model_type?: unknown };
    return typeof model_type === 'string' ? model_type : undefined;
  } catch {
    // It is no JSON. The core will say so when the model is loaded.
    return undefined;
  }
}

/** The first bytes of a file; all of a small one. */
async function firstPiece(store: Store, record: FileRecord): Promise<Uint8Array> {
  for await (const piece of store.pieces(record)) return piece;
  return new Uint8Array();
}

const KEY = 'general.architecture';
/** GGUF's number for a string. */
const STRING = 8;

/** `general.architecture`, which writers of GGUF files put first: key, kind (u32), length (u64), text. */
export function architectureIn(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, GGUF_HEAD));
  const at = text.indexOf(KEY) + KEY.length;
  if (!text.startsWith('GGUF') || at < KEY.length || at + 12 > text.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(at + 4, true));
  return view.getUint32(at, true) === STRING && at + 12 + length <= text.length
    ? text.slice(at + 12, at + 12 + length)
    : undefined;
}
