/** What the `model` argument of `pipeline` names. */
import { ClozeError, invalidOption } from '../border/errors.js';
import type { Credentials, DefaultTokenizer, ModelSource } from '../border/load-request.js';
import * as words from '../words/files/index.js';
import { fileName } from '../files/bytes/file-name.js';
import { isForeign, isWeightFile, isWeightIndex, GGUF } from '../files/bytes/weight-files.js';
import { defaultFiles } from '../files/sources/default-models.js';
import { env } from './env.js';

/**
 * A URL or path of a folder or weight file, a hub id (`owner/name`, `owner/name@revision`), local files, a folder that
 * was picked, or nothing for the default model.
 */
export type ModelArgument = string | File[] | FileList | FileSystemDirectoryHandle | null | undefined;

/** `name` or `owner/name`, as the hub allows them, with a branch, tag or commit. */
const HUB_ID = /^([\w.-]+(?:\/[\w.-]+)?)(?:@([^@\s]+))?$/u;

/** Settings of {@link resolveSource}. */
export interface SourceOptions {
  revision?: string;
  model_file_name?: string;
  /** What relative paths are relative to. */
  baseURI: string | undefined;
}

/**
 * Where the model's files are.
 *
 * @throws ClozeError `invalid_option` for an argument that names nothing, `no_default_models` without one where there are
 *   no default models
 */
export function resolveSource(model: ModelArgument, fallback: DefaultTokenizer, options: SourceOptions): ModelSource {
  const { revision, model_file_name, baseURI } = options;
  const file = model_file_name === undefined ? {} : { model_file_name };
  if (model === undefined || model === null) return defaultModel(fallback, options);
  if (isDirectory(model)) return { kind: 'directory', name: model.name, directory: model, ...file };
  if (typeof model === 'object') {
    const files = checkedFiles(model);
    return { kind: 'files', name: files.map((part) => part.name).join(', '), files, ...file };
  }
  if (typeof model !== 'string' || model.trim() === '') {
    throw invalidOption('model', words.argument.kind);
  }
  if (/^(https?:|\.{0,2}\/)/u.test(model) || model.endsWith('/')) return atAddress(model, baseURI, file);
  const [, id, named] = HUB_ID.exec(model) ?? [];
  if (id === undefined) {
    throw invalidOption('model', words.argument.name(model));
  }
  if (named !== undefined && revision !== undefined && named !== revision) {
    throw invalidOption('revision', words.argument.revision(revision, model));
  }
  return { ...onHub(id, named ?? revision ?? 'main', baseURI), name: model, ...file };
}

/** The model of `cloze-models`, or one of that name in the folder that `env` names. */
function defaultModel(id: DefaultTokenizer, { model_file_name, baseURI }: SourceOptions): ModelSource {
  if (env.default_models === undefined) return { kind: 'default', id, files: defaultFiles(id) };
  const base = new URL(`${id}/`, asFolder(parse(env.default_models, baseURI, 'env.default_models'))).href;
  return { kind: 'folder', name: base, base, model_file_name: model_file_name ?? GGUF };
}

/** The caller's own list, if it is one: pipelines on the same one share a model. */
function checkedFiles(model: File[] | FileList | FileSystemDirectoryHandle): File[] {
  if (!(Symbol.iterator in model)) throw invalidOption('model', words.argument.kind);
  const files = Array.isArray(model) ? model : [...model];
  if (!files.every(isFile)) throw invalidOption('model', words.argument.notFiles);
  if (files.length === 0) throw invalidOption('model', words.argument.noFiles);
  return files;
}

/** A folder at an address; the address of a file of weights names its folder and itself. */
function atAddress(address: string, baseURI: string | undefined, file: { model_file_name?: string }): ModelSource {
  const url = parse(address, baseURI);
  const weights = isWeightFile(url.pathname) || isWeightIndex(url.pathname);
  if (isForeign(url.pathname)) {
    const folder = new URL('./', url).href;
    const file = fileName(url);
    throw new ClozeError('unsupported', words.folders.foreignWeights(folder, file), { url: folder, file });
  }
  const base = weights ? new URL('./', url) : asFolder(url);
  // A signature is nothing to store or show.
  const name = url.search === '' ? address : address.split('?', 1)[0]!;
  return {
    kind: 'folder',
    name,
    base: base.href,
    ...(weights ? { model_file_name: fileName(url) } : file),
    ...(weights && url.search !== '' && { query: url.search }),
  };
}

function onHub(
  id: string,
  revision: string,
  baseURI: string | undefined,
): Omit<Extract<ModelSource, { kind: 'hub' }>, 'name'> {
  const host = hubHost(baseURI);
  const at = (template: string, which: string): string =>
    new URL(template.replaceAll('{model}', id).replaceAll('{revision}', which), host).href;
  const base = at(env.remote_path_template, encodeURIComponent(revision));
  return {
    kind: 'hub',
    id,
    revision,
    listing: at(env.remote_api_path_template, encodeURIComponent(revision)),
    base,
    // A mark that no address changes.
    commit_base: at(env.remote_path_template, MARK).replaceAll(MARK, '{revision}'),
  };
}

const MARK = '--revision--';

const hubHost = (baseURI: string | undefined): URL => asFolder(parse(env.remote_host, baseURI, 'env.remote_host'));

/**
 * Whom a token is for: the hub, or the origin of the folder that was named together with it. `env.token` is the hub's
 * alone.
 */
export function credentialsFor(source: ModelSource, token: string | undefined): Credentials | undefined {
  const place = source.kind === 'hub' || source.kind === 'folder' ? source.base : undefined;
  const given = token ?? (source.kind === 'hub' ? env.token : undefined);
  return given === undefined || given === '' || place === undefined
    ? undefined
    : { token: given, origin: new URL(place).origin };
}

/** By what they are called: what was picked in another window, such as the one around a frame, is of that window's classes. */
const is = (kind: string, value: unknown): boolean => Object.prototype.toString.call(value) === `[object ${kind}]`;

const isFile = (value: unknown): value is File => is('File', value);

const isDirectory = (model: ModelArgument): model is FileSystemDirectoryHandle =>
  is('FileSystemDirectoryHandle', model);

function parse(text: string, baseURI: string | undefined, option = 'model'): URL {
  try {
    return new URL(text, baseURI);
  } catch (cause) {
    throw new ClozeError('invalid_option', words.argument.address(option, text), { option }, { cause });
  }
}

function asFolder(url: URL): URL {
  const folder = new URL(url);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  folder.search = '';
  return folder;
}
