/** A run as a file: what `cloze replay` runs again. */
import { models, type ModelArgument } from '../../index.js';
import { isWeightFile } from '../../files/bytes/weight-files.js';
import { defaultFiles } from '../../files/sources/default-models.js';
import { words } from '../../words/index.js';
import { download } from '../download.js';
import { recorded } from './recorded.js';
import type { HeardCall } from './recording.js';
import type { Answerer, ScreenHost } from './screen-parts.js';

/** What a run asked of its pipeline, and which model the page named then. */
export interface Ran {
  readonly call: HeardCall;
  readonly of: Pick<ScreenHost, 'model' | 'dtype'>;
}

/** Hands the reader the run as a file; resolves with what to say of it. */
export async function saveRun(
  { call, of }: Ran,
  { name, info, runtime }: Answerer,
  screen: string,
  link: string,
): Promise<string> {
  const id = info.kind === 'encoder' ? 'bert' : 'gpt';
  const hashes = await weightHashes(of.model, id).catch(() => []);
  const sha256 = hashes.length > 1 ? hashes : (hashes[0] ?? null);
  const model = { name: name || `cloze-models/${id}`, sha256, dtype: of.dtype ?? 'q8' };
  const { task, input, options, result } = recorded(call);
  const run = { cloze: runtime.version, task, model, input, options, result, ...(link && { link }) };
  const file = `cloze-${screen}.json`;
  download(new Blob([`${JSON.stringify(run, null, 2)}\n`], { type: 'application/json' }), file);
  return sha256 === null ? words.frame.runSavedWithoutHash(file) : words.frame.runSaved(file);
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
