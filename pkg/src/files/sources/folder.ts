/** A model's folder, wherever it is, and which of its files are needed. */
import type { ModelFiles } from '../../border/core.js';
import { ClozeError } from '../../border/errors.js';
import * as words from '../../words/files/index.js';
import {
  GGUF,
  isGguf,
  isSafetensors,
  isWeightIndex,
  PYTORCH,
  PYTORCH_INDEX,
  SAFETENSORS,
  SAFETENSORS_INDEX,
} from '../bytes/weight-files.js';
import type { IncomingFile } from '../download/incoming-file.js';
import { readAhead } from '../download/read-ahead.js';

/** A folder. */
export interface Folder {
  /** For people: its address, or the names of the files in it. */
  title: string;
  /** The files in it, where that is known. */
  names?: readonly string[];
  /** The file of weights that was asked for. */
  model_file_name?: string | undefined;
  /** Reads a small file; undefined where there is none of that name. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Opens a file of weights; undefined where there is none of that name. */
  open(name: string): Promise<IncomingFile | undefined>;
  /** Whether there is a file of that name; for folders of which that is not known. */
  has?(name: string): Promise<boolean>;
  /** Hears which files of weights are going to be opened. */
  expects?(weights: readonly string[]): void;
  /** Hears which files of weights the model is made of, once its small files were read. */
  needs?(weights: readonly string[]): Promise<void>;
  /** The core cannot use the small files. Removes copies that may be to blame; returns whether another try may help. */
  discardCopies?(): Promise<boolean>;
  /** The refusal of a file that may be missing or forbidden, as some hosts answer the same to both. */
  refusal?(): ClozeError | undefined;
}

/** The part of the core that reads which files a model is spread over. */
export interface ShardNames {
  shard_names(index: Uint8Array): string[];
}

const SMALL_FILES: Record<keyof ModelFiles, string> = {
  config: 'config.json',
  tokenizer: 'tokenizer.json',
  vocab_txt: 'vocab.txt',
  vocab_json: 'vocab.json',
  merges_txt: 'merges.txt',
  tokenizer_config: 'tokenizer_config.json',
  special_tokens_map: 'special_tokens_map.json',
  added_tokens: 'added_tokens.json',
  chat_template: 'chat_template.jinja',
};

/** What has a say beside any vocabulary. Each may be missing. */
const BESIDE = [
  'tokenizer_config',
  'special_tokens_map',
  'added_tokens',
  'chat_template',
] as const satisfies readonly (keyof ModelFiles)[];

/** Reads `config.json`, `tokenizer.json` or the older files, and what has a say beside them. A `.gguf` may have all of it inside. */
export async function smallFiles(folder: Folder): Promise<ModelFiles> {
  const read = async (...keys: (keyof ModelFiles)[]): Promise<ModelFiles> => {
    const files = await Promise.all(keys.map(async (key) => [key, await folder.read(SMALL_FILES[key])] as const));
    return Object.fromEntries(files.filter(([, bytes]) => bytes !== undefined));
  };
  const files = await read('config', 'tokenizer', ...BESIDE);
  if (files.tokenizer) return files;
  const pieces = await read('vocab_txt');
  if (pieces.vocab_txt) return { ...files, ...pieces };
  const pairs = await read('vocab_json', 'merges_txt');
  if (pairs.vocab_json && pairs.merges_txt) return { ...files, ...pairs };
  if (
    mayBeGguf(folder) ||
    (folder.model_file_name === undefined && folder.names === undefined && (await folder.has?.(GGUF)))
  )
    return files;
  throw (
    folder.refusal?.() ?? new ClozeError('not_found', words.folders.noSmallFiles(folder.title), { url: folder.title })
  );
}

const mayBeGguf = ({ model_file_name, names }: Folder): boolean =>
  model_file_name === undefined
    ? (names?.some(isGguf) ?? false) && !names?.includes(SAFETENSORS) && !names?.includes(SAFETENSORS_INDEX)
    : isGguf(model_file_name);

/** When files of weights are handed over, and who knows what an index names. */
export interface WeightsOptions {
  wasm: ShardNames | Promise<ShardNames>;
  /** Resolves once the small files are read and right. The first file is begun before, and let go if it rejects. */
  ready: Promise<unknown>;
}

/**
 * The weights, file by file: the one that was named, or `model.safetensors`, its shards, a GGUF file, or
 * `pytorch_model.bin`. The next one is opened when the last has been read.
 */
export async function* weightFiles(folder: Folder, options: WeightsOptions): AsyncGenerator<IncomingFile> {
  const { model_file_name: named, names } = folder;
  const { ready } = options;
  if (named !== undefined) {
    if (isWeightIndex(named)) return yield* shards(folder, named, options);
    const file = await folder.open(named);
    if (!file)
      throw new ClozeError('not_found', words.folders.noNamedFile(folder.title, named), {
        url: folder.title,
        file: named,
      });
    return yield* one(folder, file, ready);
  }
  const single = await folder.open(SAFETENSORS);
  if (single) return yield* one(folder, single, ready);
  if (yield* shards(folder, SAFETENSORS_INDEX, options, true)) return;
  for (const name of names ? names.filter(isGguf).sort(byPreference) : [GGUF]) {
    const file = await folder.open(name);
    if (file) return yield* one(folder, file, ready);
  }
  // PyTorch's last: it is a program that makes tensors. The core runs none of it and reads what it can without.
  const last = (await folder.open(PYTORCH)) ?? (await anySafetensors(folder));
  if (last) return yield* one(folder, last, ready);
  if (yield* shards(folder, PYTORCH_INDEX, options, true)) return;
  throw (
    folder.refusal?.() ??
    new ClozeError('not_found', words.folders.noWeights(folder.title, SAFETENSORS, SAFETENSORS_INDEX, PYTORCH), {
      url: folder.title,
    })
  );
}

/** A model with one file of weights. */
async function* one(folder: Folder, file: IncomingFile, ready: Promise<unknown>): AsyncGenerator<IncomingFile, void> {
  yield await readAhead(
    file,
    ready.then(() => folder.needs?.([file.name])),
  );
}

/** Local files may have any name. */
const anySafetensors = async (folder: Folder): Promise<IncomingFile | undefined> => {
  const name = folder.names?.find(isSafetensors);
  return name === undefined ? undefined : folder.open(name);
};

/** Files with 8 bits first, then 4: what the core computes with. */
function byPreference(a: string, b: string): number {
  const rank = (name: string): number => {
    if (name === GGUF) return 0;
    const found = ['q8_0', 'q4_0', 'q4_1', 'f16', 'bf16', 'f32'].findIndex((kind) => name.toLowerCase().includes(kind));
    return found < 0 ? 99 : found + 1;
  };
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/** The files that an index names, in its order; false if there is no index, and that is no fault. */
async function* shards(
  folder: Folder,
  index: string,
  { wasm, ready }: WeightsOptions,
  optional = false,
): AsyncGenerator<IncomingFile, boolean> {
  const bytes = await folder.read(index);
  if (!bytes) {
    if (optional) return false;
    throw new ClozeError('not_found', words.folders.noNamedFile(folder.title, index), {
      url: folder.title,
      file: index,
    });
  }
  const names = (await wasm).shard_names(bytes);
  folder.expects?.(names);
  for (const [number, name] of names.entries()) {
    const file = await folder.open(name);
    if (!file)
      throw new ClozeError('not_found', words.folders.noShard(folder.title, name, index), {
        url: folder.title,
        file: name,
      });
    if (number > 0) yield file;
    else
      yield await readAhead(
        file,
        ready.then(() => folder.needs?.(names)),
      );
  }
  return true;
}
