/** Fetches a model's files and streams its weights into the core, in the worker. */
import { ClozeError } from './errors.js';
import { fileName, inFolder } from './file-name.js';
import { free } from './free.js';
import { Meter } from './meter.js';
import type { LoadRequest, ModelSource } from './protocol.js';
import { forget, keep, kept, versionOf, type Keeper } from './store.js';
import type { ProgressInfo } from './types.js';
import type { ModelFiles, WasmModel, WasmModule } from './wasm-module.js';

/** Told about each step of a load. */
export type OnProgress = (progress: ProgressInfo) => void;

/** Takes a model in. */
type Loader = InstanceType<WasmModule['ModelLoader']>;

/** A weight file as it comes. */
interface Weights {
  name: string;
  total: number | undefined;
  /** The file piece by piece, each overwritten by the next. */
  pieces: AsyncGenerator<Uint8Array>;
  /** Keeps a copy for the next time. */
  keeper?: Keeper | undefined;
  /** Removes the copy that this is, if it is one: it was no good. */
  forget?(): Promise<void>;
}

/** A weight file as a stream. */
interface Download {
  body: ReadableStream<Uint8Array>;
  /** What to say if it ends too soon. */
  broken(loaded: number, cause: unknown): ClozeError;
}

const SMALL_FILES: Record<keyof ModelFiles, string> = {
  config: 'config.json',
  tokenizer: 'tokenizer.json',
  vocab_txt: 'vocab.txt',
  vocab_json: 'vocab.json',
  merges_txt: 'merges.txt',
  tokenizer_config: 'tokenizer_config.json',
};

/** Loads the model; the weights are never held whole outside the core. */
export async function loadModel(wasm: WasmModule, { source, dtype, use_browser_cache }: LoadRequest, tell: OnProgress): Promise<WasmModel> {
  const opened = open(source, { tell, use_browser_cache });
  const files = await opened.files();
  const attempt = async (): Promise<WasmModel> => {
    // Before any weights are asked for: it says what is wrong with the small files.
    const loader = new wasm.ModelLoader(files, dtype);
    const weights = await opened.weights().catch((error: unknown) => {
      free(loader);
      throw error;
    });
    return read(loader, weights, tell);
  };
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof BadCopy)) throw error;
  }
  return attempt();
}

/** A kept copy was no good and is gone; what it is a copy of may be good. */
class BadCopy extends Error {}

/** Whether an error speaks against the bytes of a weight file, or against reading them. */
function isTheFiles(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'invalid_weights' || code === 'truncated_weights' || error instanceof DOMException;
}

/** Streams weights into the core. */
async function read(loader: Loader, weights: Weights, tell: OnProgress): Promise<WasmModel> {
  const { keeper } = weights;
  try {
    await push(loader, weights, tell);
    const model = loader.finish();
    await keeper?.finish();
    return model;
  } catch (error) {
    await keeper?.abandon();
    if (!weights.forget || !isTheFiles(error)) throw error;
    await weights.forget();
    throw new BadCopy();
  }
}

/** Pushes all of a file; frees the loader if that fails. */
async function push(loader: Loader, { name, total, pieces, keeper }: Weights, tell: OnProgress): Promise<void> {
  const meter = new Meter(total);
  try {
    for await (const chunk of pieces) {
      loader.push(chunk);
      keeper?.write(chunk);
      meter.add(chunk.byteLength, (progress) => tell({ status: 'progress', file: name, message: `Fetching ${name}`, ...progress }));
    }
  } catch (error) {
    free(loader);
    throw error;
  }
  tell({ status: 'done', file: name, message: `${name} is here`, loaded: meter.loaded, total: meter.loaded });
}

/** The pieces of a file; each is overwritten by the next. */
async function* chunks({ body, broken }: Download): AsyncGenerator<Uint8Array> {
  const { read, cancel } = pieces(body);
  let loaded = 0;
  try {
    for (;;) {
      const value = await read().catch((cause: unknown) => {
        throw broken(loaded, cause);
      });
      if (!value) return;
      loaded += value.byteLength;
      yield value;
    }
  } finally {
    // Also when the core refuses the file: the rest is not to be fetched.
    await cancel().catch(() => undefined);
  }
}

/** Bytes that are read at once. */
const PIECE = 1 << 20;

/** Reads into one buffer again and again where the stream can: else a model's size in garbage is made. */
function pieces(body: ReadableStream<Uint8Array>): { read(): Promise<Uint8Array | undefined>; cancel(): Promise<void> } {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: 'byob' });
  } catch {
    const plain = body.getReader();
    return { read: async () => (await plain.read()).value, cancel: () => plain.cancel() };
  }
  let buffer = new ArrayBuffer(PIECE);
  return {
    async read() {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      // The stream takes the buffer over and gives it back with the bytes.
      if (value) buffer = value.buffer;
      return done ? undefined : value;
    },
    cancel: () => reader.cancel(),
  };
}

interface Opened {
  files(): Promise<ModelFiles>;
  weights(): Promise<Weights>;
}

/** How files are fetched. */
interface Fetching {
  tell: OnProgress;
  use_browser_cache: boolean;
}

function open(source: ModelSource, fetching: Fetching): Opened {
  const { tell } = fetching;
  switch (source.kind) {
    case 'files':
      return openFiles(source.files, source.model_file_name);
    case 'urls':
      return {
        files: async () => {
          const [config, tokenizer] = await Promise.all([small(source.config, tell), small(source.tokenizer, tell)]);
          return { config, tokenizer };
        },
        weights: () => weightsAt(source.weights, fetching),
      };
    case 'folder':
      return openFolder(source.base, source.model_file_name, fetching);
  }
}

/** `config.json` beside `tokenizer.json`, or the older files; weights as safetensors, else GGUF. */
function openFolder(base: string, modelFileName: string | undefined, fetching: Fetching): Opened {
  const at = (name: string): string => inFolder(name, base);
  const read = (key: keyof ModelFiles): Promise<Uint8Array | undefined> => orUndefined(small(at(SMALL_FILES[key]), fetching.tell));
  return {
    async files() {
      const [config, tokenizer] = await Promise.all([read('config'), read('tokenizer')]);
      const files: ModelFiles = { ...(config && { config }) };
      if (tokenizer) return { ...files, tokenizer };
      const [vocab_txt, tokenizer_config] = await Promise.all([read('vocab_txt'), read('tokenizer_config')]);
      if (tokenizer_config) files.tokenizer_config = tokenizer_config;
      if (vocab_txt) return { ...files, vocab_txt };
      const [vocab_json, merges_txt] = await Promise.all([read('vocab_json'), read('merges_txt')]);
      if (vocab_json && merges_txt) return { ...files, vocab_json, merges_txt };
      throw new ClozeError(
        'not_found',
        `${base} is no model folder that can be read: it has neither tokenizer.json, nor vocab.txt, nor vocab.json with merges.txt. Check the address.`,
        { url: base },
      );
    },
    async weights() {
      if (modelFileName !== undefined) return weightsAt(at(modelFileName), fetching);
      const found = (await orUndefined(weightsAt(at('model.safetensors'), fetching))) ?? (await orUndefined(weightsAt(at('model.gguf'), fetching)));
      if (found) return found;
      throw new ClozeError(
        'not_found',
        `${base} has neither model.safetensors nor model.gguf. Check the address, or name the file with the option model_file_name.`,
        { url: base },
      );
    },
  };
}

function openFiles(files: File[], modelFileName: string | undefined): Opened {
  const named = (name: string): File | undefined => files.find((file) => file.name === name);
  return {
    async files() {
      const found: ModelFiles = {};
      for (const [key, name] of Object.entries(SMALL_FILES)) {
        const file = named(name);
        if (!file) continue;
        const bytes = await file.arrayBuffer().catch((cause: unknown) => {
          throw unreadable(file, cause);
        });
        found[key as keyof ModelFiles] = new Uint8Array(bytes);
      }
      return found;
    },
    async weights() {
      const usual = (): File | undefined => named('model.safetensors') ?? named('model.gguf') ?? files.find(({ name }) => /\.(safetensors|gguf)$/u.test(name));
      const file = modelFileName === undefined ? usual() : named(modelFileName);
      if (!file) {
        throw new ClozeError('not_found', `Among the files (${files.map(({ name }) => name).join(', ')}) are no weights. Add model.safetensors or a .gguf file.`);
      }
      return { name: file.name, total: file.size, pieces: chunks({ body: file.stream(), broken: (_, cause) => unreadable(file, cause) }) };
    },
  };
}

/** A file that was moved, changed or locked since it was chosen. */
const unreadable = ({ name }: File, cause: unknown): ClozeError =>
  new ClozeError('not_found', `${name} can no longer be read. Choose the files again.`, { file: name }, { cause });

async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof ClozeError && error.code === 'not_found') return undefined;
    throw error;
  }
}

async function small(url: string, tell: OnProgress): Promise<Uint8Array> {
  const response = await get(url, tell);
  const bytes = await response.arrayBuffer().catch((cause: unknown) => {
    throw new ClozeError('network', `The connection broke while ${nameOf(url)} was being fetched. Check the connection and try again.`, { url }, { cause });
  });
  tell({ status: 'done', file: nameOf(url), message: `${nameOf(url)} is here` });
  return new Uint8Array(bytes);
}

async function weightsAt(url: string, { tell, use_browser_cache }: Fetching): Promise<Weights> {
  const response = await get(url, tell);
  const name = nameOf(url);
  const version = use_browser_cache ? versionOf(response.headers) : undefined;
  const copy = version === undefined ? undefined : await kept(url, version);
  if (copy) {
    await response.body?.cancel().catch(() => undefined);
    return { name, total: copy.length, pieces: copy.pieces, forget: () => forget(url) };
  }
  // With a content encoding the length is that of the packed bytes.
  const length = response.headers.has('content-encoding') ? Number.NaN : Number.parseInt(response.headers.get('content-length') ?? '', 10);
  const broken = (loaded: number, cause: unknown): ClozeError =>
    new ClozeError(
      'network',
      `The connection broke while ${name} was being fetched, after ${(loaded / 1e6).toFixed(1)} MB. Check the connection and try again.`,
      { file: name, loaded },
      { cause },
    );
  return {
    name,
    total: Number.isNaN(length) ? undefined : length,
    pieces: chunks({ body: response.body ?? new Blob([]).stream(), broken }),
    keeper: version === undefined ? undefined : await keep(url, version),
  };
}

const nameOf = (url: string): string => fileName(new URL(url));

async function get(url: string, tell: OnProgress): Promise<Response> {
  const file = nameOf(url);
  tell({ status: 'initiate', file, message: `Asking for ${file}` });
  const response = await fetch(url).catch((cause: unknown) => {
    throw new ClozeError('network', `${file} could not be fetched from ${new URL(url).host}. Check the connection and try again.`, { url }, { cause });
  });
  if (!response.ok) {
    const { status } = response;
    await response.body?.cancel();
    if (status === 404 || status === 410) throw new ClozeError('not_found', `There is no ${file} at ${url}. Check the address.`, { url, status });
    const hint = status === 401 || status === 403 ? 'The model may need a licence or an account.' : 'Try again later.';
    throw new ClozeError('network', `The server answered ${status} instead of ${file}. ${hint}`, { url, status });
  }
  // Sites with one page for all addresses answer HTML with status 200 to everything.
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    await response.body?.cancel();
    throw new ClozeError('not_found', `There is no ${file} at ${url}: the server sent a web page instead. Check the address.`, { url });
  }
  tell({ status: 'download', file, message: `Fetching ${file}` });
  return response;
}
