/** A run as a file: what `cloze replay` runs again. */
import { models, type ModelArgument, type ModelInfo } from '../../index.js';
import { isWeightFile } from '../../files/bytes/weight-files.js';
import { defaultFiles } from '../../files/sources/default-models.js';
import type { RecordedCall } from './recording.js';

/** The model of a run, as far as it is known where it came from. */
export interface RunModel {
  readonly model: ModelArgument;
  /** What it is called; the empty text is the one that comes with the package. */
  readonly name: string;
  readonly dtype: string;
  readonly info: ModelInfo;
  /** The version of the core. */
  readonly version: string;
}

/** The text of the file, and whether it names the model's weights by their hash. */
export async function runText(
  call: RecordedCall,
  of: RunModel,
  link: string,
): Promise<{ text: string; hashed: boolean }> {
  const id = of.info.kind === 'encoder' ? 'bert' : 'gpt';
  const hashes = await weightHashes(of.model, id).catch(() => []);
  const sha256 = hashes.length > 1 ? hashes : (hashes[0] ?? null);
  const model = { name: of.name || `cloze-models/${id}`, sha256, dtype: of.dtype };
  const { task, input, options, result } = call;
  const run = { cloze: of.version, task, model, input, options, result, ...(link && { link }) };
  return { text: `${JSON.stringify(run, null, 2)}\n`, hashed: sha256 !== null };
}

/** SHA-256 of the files of weights, in the order of their names; none where it is not known. */
async function weightHashes(model: ModelArgument, id: 'bert' | 'gpt'): Promise<string[]> {
  if (model === undefined || model === null) {
    const { expected } = defaultFiles(id)['model.gguf']!;
    return expected?.sha256 === undefined ? [] : [expected.sha256];
  }
  if (typeof model === 'string') {
    const kept = (await models.list()).find((one) => one.name === model || one.id === model);
    const weights = (kept?.files ?? []).filter(({ name }) => isWeightFile(name));
    if (!weights.every(({ complete, sha256 }) => complete && sha256 !== null)) return [];
    return inOrder(weights).map(({ sha256 }) => sha256!);
  }
  if (!(Symbol.iterator in model)) return [];
  return Promise.all(inOrder([...model].filter(({ name }) => isWeightFile(name))).map(hashOf));
}

const inOrder = <T extends { readonly name: string }>(files: readonly T[]): T[] =>
  [...files].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Of a file that was picked. A page without a secure address cannot hash. */
async function hashOf(file: File): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
