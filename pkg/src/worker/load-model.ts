/** Loads a model in the worker: its files, from wherever they are, into the core. */
import { Gate } from './gate.js';
import { Spoiled, twice, type Fetching, type IncomingFile, type OnProgress } from '../files/download/file.js';
import { PACE, type Pace } from '../files/download/retry.js';
import { free } from './free.js';
import type { LoadRequest, ModelSource } from '../border/protocol.js';
import type { ClozeError } from '../border/errors.js';
import { smallFiles, weightFiles, type Folder } from '../files/sources/folder.js';
import { hubFolder } from '../files/sources/hub.js';
import { filesIn, localFolder } from '../files/sources/local.js';
import { listedFolder, plainFolder } from '../files/sources/remote-folder.js';
import { store } from '../files/storage/store.js';
import type { ModelFiles } from '../border/core.js';
import type { Core, Model } from './core.js';

export type { OnProgress } from '../files/download/file.js';

/** What is not part of the request. */
export interface LoadSettings {
  /** Shut while the load is paused. */
  gate?: Gate;
  /** How patient downloads are. */
  pace?: Pace;
}

/** Loads the model; the weights are never held whole outside the core. */
export async function loadModel(
  wasm: Core,
  request: LoadRequest,
  tell: OnProgress,
  { gate = new Gate(), pace = PACE }: LoadSettings = {},
): Promise<Model> {
  const kept = request.use_browser_cache ? await store() : undefined;
  if (request.use_browser_cache && !kept && isFetched(request.source)) {
    tell({
      status: 'warning',
      code: 'no_storage',
      message:
        'This browser keeps no files for this page, as in some private windows: the model is fetched again the next time',
    });
  }
  const folder = await open(request.source, { tell, store: kept, gate, pace, credentials: request.credentials });
  return twice(async () => {
    const files = await smallFiles(folder);
    // Before any weights are asked for: it says what is wrong with the small files.
    const loader = await begun(wasm, files, request.dtype, folder);
    let finished = false;
    try {
      let pushed: IncomingFile | undefined;
      for await (const file of weightFiles(folder, wasm)) {
        pushed = file;
        await push(loader, file, tell);
      }
      finished = true;
      return await finish(loader, pushed!);
    } finally {
      if (!finished) free(loader);
    }
  });
}

type Loader = InstanceType<Core['ModelLoader']>;

const isFetched = ({ kind }: ModelSource): boolean => kind !== 'files' && kind !== 'directory';

/** A loader for the small files; they too may be a copy that has gone bad. */
async function begun(wasm: Core, files: ModelFiles, dtype: LoadRequest['dtype'], folder: Folder): Promise<Loader> {
  try {
    return new wasm.ModelLoader(files, dtype);
  } catch (error) {
    throw await blamed(folder, SMALL_FAULTS, error);
  }
}

/** Pushes all of a file, and ends it before another one is opened. */
async function push(loader: Loader, file: IncomingFile, tell: OnProgress): Promise<void> {
  const { name, pieces } = file;
  let loaded = 0;
  try {
    for await (const piece of pieces) {
      loader.push(piece);
      loaded += piece.byteLength;
    }
    loader.end_file();
  } catch (error) {
    throw await blamed(file, WEIGHT_FAULTS, error);
  }
  tell({ status: 'done', file: name, message: `${name} is here`, loaded, total: loaded });
}

async function finish(loader: Loader, last: IncomingFile): Promise<Model> {
  try {
    return loader.finish();
  } catch (error) {
    throw await blamed(last, WEIGHT_FAULTS, error);
  }
}

/** What the core says of bytes that make no sense. */
const WEIGHT_FAULTS = ['invalid_weights', 'truncated_weights'];
const SMALL_FAULTS = ['invalid_config', 'invalid_tokenizer'];

/** If the core refuses the bytes of a file, they may be a copy's fault: then the next try fetches them anew. */
async function blamed(file: Pick<Folder, 'refuse'>, faults: readonly string[], error: unknown): Promise<unknown> {
  const { code } = error as { code?: unknown };
  if (!faults.includes(code as string)) return error;
  return (await file.refuse?.()) ? new Spoiled(error as ClozeError) : error;
}

async function open(source: ModelSource, fetching: Fetching): Promise<Folder> {
  switch (source.kind) {
    case 'files':
      return localFolder(source.files, source.model_file_name, fetching.tell);
    case 'directory':
      return localFolder(await filesIn(source.directory), source.model_file_name, fetching.tell);
    case 'default': {
      const { id, files } = source;
      const model = {
        id: `cloze:${id}`,
        name: id === 'bert' ? 'Default BERT' : 'Default GPT',
        source: 'default',
        url: files['model.gguf']!.url,
        revision: null,
      } as const;
      return listedFolder(model, new Map(Object.entries(files)), undefined, fetching);
    }
    case 'hub':
      return hubFolder(source, fetching);
    case 'folder':
      return plainFolder(
        { id: source.base, name: source.name, source: 'url', url: source.base, revision: null },
        source.base,
        source.model_file_name,
        fetching,
        source.query,
      );
  }
}
