/** A model's folder, wherever it is, and which of its files are needed. */
import type { ModelFiles } from '../../border/core.js';
import { ClozeError } from '../../border/errors.js';
import * as words from '../../words/files/index.js';
import {
  GGUF,
  isGguf,
  isForeign,
  isSafetensors,
  isWeightIndex,
  mayBePytorch,
  partsOf,
  PYTORCH,
  PYTORCH_INDEX,
  SAFETENSORS,
  SAFETENSORS_INDEX,
} from '../bytes/weight-files.js';
import type { IncomingFile } from '../download/incoming-file.js';
import { readAhead } from '../download/read-ahead.js';
import { ggufModels } from './choice.js';

/** A folder. */
export interface Folder {
  /** For people: its address, or the names of the files in it. */
  title: string;
  /** The files in it, where that is known. */
  names?: readonly string[];
  /** The file of weights that was asked for. */
  model_file_name?: string | undefined;
  /** Reads a small file; undefined where there is none of that name. `beside`: the model may well go without it. */
  read(name: string, beside?: boolean): Promise<Uint8Array | undefined>;
  /** Opens a file of weights; undefined where there is none of that name. */
  open(name: string): Promise<IncomingFile | undefined>;
  /** Whether there is a file of that name; for folders of which that is not known. */
  has?(name: string): Promise<boolean>;
  /** Hears which of several models in the folder is taken. */
  chose?(name: string, models: number): void;
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

/** Their names. */
export const SMALL_FILES: Record<keyof ModelFiles, string> = {
  config: 'config.json',
  generation_config: 'generation_config.json',
  tokenizer: 'tokenizer.json',
  vocab_txt: 'vocab.txt',
  vocab_json: 'vocab.json',
  merges_txt: 'merges.txt',
  tokenizer_config: 'tokenizer_config.json',
  special_tokens_map: 'special_tokens_map.json',
  added_tokens: 'added_tokens.json',
  chat_template: 'chat_template.jinja',
  tool_use_template: 'additional_chat_templates/tool_use.jinja',
};

/** What has a say beside any vocabulary. Each may be missing. */
const BESIDE = [
  'generation_config',
  'tokenizer_config',
  'special_tokens_map',
  'added_tokens',
  'chat_template',
] as const satisfies readonly (keyof ModelFiles)[];

const isBeside = (key: keyof ModelFiles): boolean => (BESIDE as readonly string[]).includes(key);

/** Reads `config.json`. */
export const readConfig = (folder: Folder): Promise<Uint8Array | undefined> =>
  folder.read(SMALL_FILES.config, mayBeGguf(folder));

/** Reads `config.json`, `tokenizer.json` or the older files, and what has a say beside them. A `.gguf` may have all of it inside. */
export async function smallFiles(folder: Folder, config = readConfig(folder)): Promise<ModelFiles> {
  const read = async (...keys: (keyof ModelFiles)[]): Promise<ModelFiles> => {
    const bytes = (key: keyof ModelFiles) =>
      key === 'config' ? config : folder.read(SMALL_FILES[key], isBeside(key) || mayBeGguf(folder));
    const one = async (key: keyof ModelFiles) => [key, await bytes(key)] as const;
    const files = await Promise.all(keys.map(one));
    return Object.fromEntries(files.filter(([, bytes]) => bytes !== undefined));
  };
  // In a folder of its own: asked for only where it is known to be.
  const tools = folder.names?.includes(SMALL_FILES.tool_use_template) ? (['tool_use_template'] as const) : [];
  const files = await read('config', 'tokenizer', ...BESIDE, ...tools);
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
    const parts = partsOf(named);
    if (parts.length > 1) return yield* inParts(folder, parts, ready);
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
  const models = names ? ggufModels(names) : [GGUF];
  if (models.length > 1) folder.chose?.(models[0]!, models.length);
  for (const name of models) {
    if (names) return yield* inParts(folder, partsOf(name), ready);
    const file = await folder.open(name);
    if (file) return yield* one(folder, file, ready);
  }
  // PyTorch's last: it is a program that makes tensors. The core runs none of it and reads what it can without.
  const pytorch = await folder.open(PYTORCH);
  if (pytorch) return yield* one(folder, pytorch, ready);
  if (yield* shards(folder, PYTORCH_INDEX, options, true)) return;
  // Local files may have any name; parts of a model may have lost their index.
  const any = names?.find(isSafetensors) ?? names?.find(mayBePytorch);
  if (any !== undefined) return yield* inParts(folder, partsOf(any), ready);
  const foreign = names?.find(isForeign);
  if (foreign !== undefined)
    throw new ClozeError('unsupported', words.folders.foreignWeights(folder.title, foreign), {
      url: folder.title,
      file: foreign,
    });
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

/** A model in one file, or in parts that no index names. */
async function* inParts(
  folder: Folder,
  parts: readonly string[],
  ready: Promise<unknown>,
): AsyncGenerator<IncomingFile, void> {
  const there = await Promise.all(parts.map((part) => folder.names?.includes(part) ?? folder.has?.(part) ?? true));
  const missing = parts.filter((_, index) => !there[index]);
  if (missing.length > 0) throw noParts(folder, missing, parts);
  yield* inOrder(folder, parts, ready, (part) => noParts(folder, [part], parts));
}

const noParts = ({ title }: Folder, missing: readonly string[], parts: readonly string[]): ClozeError =>
  new ClozeError('not_found', words.folders.noParts(title, missing, parts.length), { url: title, file: missing[0]! });

/** Files that make up one model together. */
async function* inOrder(
  folder: Folder,
  names: readonly string[],
  ready: Promise<unknown>,
  missing: (name: string) => ClozeError,
): AsyncGenerator<IncomingFile, void> {
  folder.expects?.(names);
  for (const [number, name] of names.entries()) {
    const file = await folder.open(name);
    if (!file) throw missing(name);
    if (number > 0) yield file;
    else
      yield await readAhead(
        file,
        ready.then(() => folder.needs?.(names)),
      );
  }
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
  yield* inOrder(
    folder,
    names,
    ready,
    (file) =>
      new ClozeError('not_found', words.folders.noShard(folder.title, file, index), { url: folder.title, file }),
  );
  return true;
}
