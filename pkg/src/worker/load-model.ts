/** Loads a model in the worker: its files, from wherever they are, into the core. */
import type { ModelFiles } from '../border/core.js';
import type { ClozeError } from '../border/errors.js';
import type { LoadRequest, ModelSource } from '../border/load-request.js';
import * as words from '../words/files/index.js';
import { GGUF } from '../files/bytes/weight-files.js';
import type { DownloadContext, IncomingFile, OnProgress } from '../files/download/incoming-file.js';
import { Interrupted, retryIfSpoiled } from '../files/download/interrupted.js';
import { PauseSwitch } from '../files/download/pause-switch.js';
import { PACE, type Pace } from '../files/download/retry.js';
import { readConfig, smallFiles, weightFiles, type Folder } from '../files/sources/folder.js';
import { hubFolder } from '../files/sources/hub.js';
import { filesIn, localFolder } from '../files/sources/local.js';
import { listedFolder, plainFolder } from '../files/sources/remote-folder.js';
import { openStore } from '../files/storage/choice.js';
import type { Core, Model, TextTokenizer } from './core.js';
import { free } from './free.js';
import { mayBeLean } from './lean.js';

/** What is not part of the request. */
export interface LoadSettings {
  /** Whether the load is paused. */
  pause?: PauseSwitch;
  /** How patient downloads are. */
  pace?: Pace;
  /** Hears how long each file is before it is fetched. */
  expect?: DownloadContext['expect'];
}

/** Starts the core; `lean` resolves to whether the lean build may do for the model. */
export type StartCore = (lean: () => Promise<boolean>) => Promise<Core>;

/** A core, on its way perhaps, or how to start it once the model is known. */
type AnyCore = Core | Promise<Core> | StartCore;

/**
 * Loads the model; the weights are never held whole outside the core. All files are asked for at once, also while the core
 * is still on its way.
 */
export async function loadModel(
  wasm: AnyCore,
  request: LoadRequest,
  tell: OnProgress,
  settings: LoadSettings = {},
): Promise<Model> {
  const folder = await openFolder(request, tell, settings);
  const { core, config } = started(wasm, request, folder);
  return retryIfSpoiled(async () => {
    const making = makeLoader(core, request.dtype, folder, config);
    const loading = pushAll(folder, weightFiles(folder, { wasm: core, ready: making }), making, tell);
    // What is wrong with the small files is said first, and at once.
    loading.catch(() => undefined);
    await making;
    return loading;
  });
}

/** Loads the tokenizer alone: of the model's folder only the small files are read. */
export async function loadTokenizer(
  wasm: AnyCore,
  request: LoadRequest,
  tell: OnProgress,
  settings: LoadSettings = {},
): Promise<TextTokenizer> {
  const folder = await openFolder(request, tell, settings);
  const { core, config } = started(wasm, request, folder);
  return retryIfSpoiled(() =>
    fromSmallFiles(core, folder, config, (one, files) => one.TextTokenizer.from_files(files)),
  );
}

/** Starts the core, and reads `config.json` first where that says which. It is read once: `config` gives it to the first who asks. */
function started(
  wasm: AnyCore,
  { source }: LoadRequest,
  folder: Folder,
): { core: Promise<Core>; config: () => Promise<Uint8Array | undefined> } {
  let read: Promise<Uint8Array | undefined> | undefined;
  const early = (): Promise<Uint8Array | undefined> => (read = readConfig(folder));
  const config = (): Promise<Uint8Array | undefined> => {
    const first = read ?? readConfig(folder);
    read = undefined;
    return first;
  };
  const core = typeof wasm === 'function' ? wasm(() => mayBeLean(source, folder, early)) : Promise.resolve(wasm);
  // A load that fails before it needs the core says so itself.
  core.catch(() => undefined);
  return { core, config };
}

/** The model's folder, wherever it is. */
export async function openFolder(
  request: Pick<LoadRequest, 'source' | 'use_browser_cache' | 'credentials'>,
  tell: OnProgress,
  { pause = new PauseSwitch(), pace = PACE, expect }: LoadSettings,
): Promise<Folder> {
  const store = request.use_browser_cache ? await openStore() : undefined;
  if (request.use_browser_cache && !store && isFetched(request.source)) {
    tell({
      status: 'warning',
      code: 'no_storage',
      message: words.warnings.noStorage,
    });
  }
  const { credentials } = request;
  return open(request.source, { tell, store, pause, pace, credentials, ...(expect && { expect }) });
}

type Loader = InstanceType<Core['ModelLoader']>;

/** Pushes the weights, file by file, as soon as the loader is there. */
async function pushAll(
  folder: Folder,
  files: AsyncIterable<IncomingFile>,
  making: Promise<Loader>,
  tell: OnProgress,
): Promise<Model> {
  let finished = false;
  let pushed: IncomingFile | undefined;
  try {
    for await (const file of files) {
      pushed = file;
      await push(await making, file, tell);
    }
    finished = true;
    const model = (await making).finish();
    for (const code of model.info().warnings) tell({ status: 'warning', code, message: words.warnings[code] });
    return model;
  } catch (error) {
    throw await blame(error, folder, pushed);
  } finally {
    if (!finished) await making.then(free, () => undefined);
  }
}

const isFetched = ({ kind }: ModelSource): boolean => kind !== 'files' && kind !== 'directory';

/** A loader for the small files. */
const makeLoader = (
  core: Promise<Core>,
  dtype: LoadRequest['dtype'],
  folder: Folder,
  config: () => Promise<Uint8Array | undefined>,
): Promise<Loader> => fromSmallFiles(core, folder, config, (wasm, files) => new wasm.ModelLoader(files, dtype));

/** What is made of the small files; they too may be a copy that has gone bad. */
async function fromSmallFiles<T>(
  core: Promise<Core>,
  folder: Folder,
  config: () => Promise<Uint8Array | undefined>,
  make: (core: Core, files: ModelFiles) => T,
): Promise<T> {
  const [wasm, files] = await Promise.all([core, smallFiles(folder, config())]);
  try {
    return make(wasm, files);
  } catch (error) {
    throw await blame(error, folder);
  }
}

/** Pushes all of a file, and ends it before another one is opened. */
async function push(loader: Loader, { name, pieces }: IncomingFile, tell: OnProgress): Promise<void> {
  let loaded = 0;
  for await (const piece of pieces) {
    loader.push(piece);
    loaded += piece.byteLength;
  }
  loader.end_file();
  tell({ status: 'done', file: name, message: words.steps.here(name), loaded, total: loaded });
}

/** What the core says of bytes that make no sense. */
const WEIGHT_FAULTS = ['invalid_weights', 'truncated_weights'];
const SMALL_FAULTS = ['invalid_config', 'invalid_tokenizer'];

/**
 * The error to throw for what the core said. Where a stored copy may be to blame, of the small files or of the weights that
 * were pushed last, it is removed, and the next try fetches the bytes anew.
 */
async function blame(error: unknown, folder: Folder, weights?: IncomingFile): Promise<unknown> {
  const code = String((error as { code?: unknown }).code);
  const discarded =
    (WEIGHT_FAULTS.includes(code) && (await weights?.discardCopy())) ||
    (SMALL_FAULTS.includes(code) && (await folder.discardCopies?.()));
  return discarded ? new Interrupted('spoiled', error as ClozeError) : error;
}

async function open(source: ModelSource, context: DownloadContext): Promise<Folder> {
  switch (source.kind) {
    case 'files':
      return localFolder(source.files, source.model_file_name, context);
    case 'directory':
      return localFolder(await filesIn(source.directory), source.model_file_name, context);
    case 'default': {
      const { id, files } = source;
      const model = {
        id: `cloze:${id}`,
        name: id === 'bert' ? 'Default BERT' : 'Default GPT',
        source: 'default',
        // One of the tokenizers has no weights.
        url: (files[GGUF] ?? Object.values(files)[0])!.url,
        revision: null,
      } as const;
      return listedFolder(model, new Map(Object.entries(files)), undefined, context);
    }
    case 'hub':
      return hubFolder(source, context);
    case 'folder':
      return plainFolder(
        { id: source.base, name: source.name, source: 'url', url: source.base, revision: null },
        source.base,
        source.model_file_name,
        context,
        source.query,
      );
  }
}
