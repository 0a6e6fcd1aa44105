/** What the `model` argument of `pipeline` names. */
import { env } from './env.js';
import { ClozeError, invalidOption } from './errors.js';
import { fileName } from './file-name.js';
import type { ModelSource } from './protocol.js';

/** A URL or path of a folder or weight file, a hub id, local files, or nothing for the default model. */
export type ModelArgument = string | File[] | null | undefined;

/** Which default model a task uses. */
export type DefaultModel = 'bert' | 'gpt';

/** The default models' files. Each address is written out, so that bundlers find and copy them. */
const DEFAULTS: Record<DefaultModel, () => { config: URL; tokenizer: URL; weights: URL }> = {
  bert: () => ({
    config: new URL('./models/bert/config.json', import.meta.url),
    tokenizer: new URL('./models/bert/tokenizer.json', import.meta.url),
    weights: new URL('./models/bert/model.gguf', import.meta.url),
  }),
  gpt: () => ({
    config: new URL('./models/gpt/config.json', import.meta.url),
    tokenizer: new URL('./models/gpt/tokenizer.json', import.meta.url),
    weights: new URL('./models/gpt/model.gguf', import.meta.url),
  }),
};

const WEIGHT_FILE = /\.(gguf|safetensors)$/u;
/** `name` or `owner/name`, as the hub allows them. */
const HUB_ID = /^[\w.-]+(\/[\w.-]+)?$/u;

/** Settings of {@link resolveSource}. */
export interface SourceOptions {
  revision?: string;
  model_file_name?: string;
  /** What relative paths are relative to. */
  baseURI: string;
}

/**
 * Where the model's files are.
 *
 * @throws ClozeError `invalid_option` for an argument that names nothing.
 */
export function resolveSource(model: ModelArgument, fallback: DefaultModel, options: SourceOptions): ModelSource {
  const { revision = 'main', model_file_name, baseURI } = options;
  const file = model_file_name === undefined ? {} : { model_file_name };
  if (model === undefined || model === null) {
    if (env.default_models !== undefined) {
      const base = new URL(`${fallback}/`, asFolder(parse(env.default_models, baseURI, 'env.default_models'))).href;
      return { kind: 'folder', name: base, base, model_file_name: model_file_name ?? 'model.gguf' };
    }
    const urls = DEFAULTS[fallback]();
    return { kind: 'urls', config: urls.config.href, tokenizer: urls.tokenizer.href, weights: urls.weights.href };
  }
  if (Array.isArray(model)) {
    if (!model.every((part) => part instanceof File)) throw invalidOption('model', 'the list holds something else than files');
    if (model.length === 0) throw invalidOption('model', 'the list of files is empty. Give config.json, tokenizer.json and the weights.');
    return { kind: 'files', name: model.map((part) => part.name).join(', '), files: model, ...file };
  }
  if (typeof model !== 'string' || model.trim() === '') {
    throw invalidOption('model', 'must be a URL or path of a folder, a hub id (owner/name), a list of files, or left out');
  }
  if (/^(https?:|\.{0,2}\/)/u.test(model) || model.endsWith('/')) {
    const url = parse(model, baseURI);
    const weights = WEIGHT_FILE.test(url.pathname);
    const base = weights ? new URL('./', url) : asFolder(url);
    return { kind: 'folder', name: model, base: base.href, ...(weights ? { model_file_name: fileName(url) } : file) };
  }
  if (!HUB_ID.test(model)) {
    throw invalidOption('model', `"${model}" is neither a URL, nor a path beginning with / or ./, nor a hub id such as owner/name`);
  }
  const path = env.remote_path_template.replaceAll('{model}', model).replaceAll('{revision}', encodeURIComponent(revision));
  return { kind: 'folder', name: model, base: new URL(path, asFolder(parse(env.remote_host, baseURI, 'env.remote_host'))).href, ...file };
}

function parse(text: string, baseURI: string, option = 'model'): URL {
  try {
    return new URL(text, baseURI);
  } catch (cause) {
    throw new ClozeError('invalid_option', `Option "${option}": "${text}" is no valid address.`, { option }, { cause });
  }
}


function asFolder(url: URL): URL {
  const folder = new URL(url);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  return folder;
}
