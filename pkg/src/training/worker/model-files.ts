/** The files of a model to start from, whole: fetched and kept as for inference, or of a kept run. */
import { ClozeError } from '../../border/errors.js';
import type { ProgressInfo } from '../../border/types.js';
import { collect } from '../../files/download/incoming-file.js';
import { retryIfSpoiled } from '../../files/download/interrupted.js';
import { SMALL_FILES, smallFiles, weightFiles, type Folder } from '../../files/sources/folder.js';
import { trainingErrors as say } from '../../words/training/index.js';
import { openFolder } from '../../worker/load-model.js';
import type { StartModel } from '../protocol.js';
import { notFound, readRun } from '../storage/kept.js';
import { openRunStore } from '../storage/run-store.js';
import type { FolderFile, ModelFiles, TrainingCore } from '../core.js';

/** Weights of more bytes do not fit beside what training needs. */
const MOST_WEIGHTS = 1e9;

/** All files, by name. */
export async function modelFiles(
  core: TrainingCore,
  model: StartModel,
  tell: (p: ProgressInfo) => void,
): Promise<ModelFiles> {
  if ('run' in model) return filesOfRun(core, model.run);
  const folder = await folderOf(model, tell);
  return retryIfSpoiled(() => allOf(core, folder));
}

/** The configuration alone. */
export async function modelConfig(model: Exclude<StartModel, { run: string }>): Promise<Record<string, unknown>> {
  const folder = await folderOf(model, () => undefined);
  const bytes = await folder.read('config.json', true);
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>) : {};
}

const folderOf = (model: Exclude<StartModel, { run: string }>, tell: (p: ProgressInfo) => void): Promise<Folder> =>
  openFolder(model, tell, {});

async function allOf(core: TrainingCore, folder: Folder): Promise<ModelFiles> {
  const small = await smallFiles(folder);
  const files: ModelFiles = {};
  for (const [key, bytes] of Object.entries(small)) files[SMALL_FILES[key as keyof typeof SMALL_FILES]] = bytes;
  for await (const file of weightFiles(folder, { wasm: core, ready: Promise.resolve() }))
    files[file.name] = await collect(file, MOST_WEIGHTS);
  return files;
}

/** The model of a kept run, or what was kept of a fine-tuning. */
async function filesOfRun(core: TrainingCore, id: string): Promise<ModelFiles> {
  return Object.fromEntries((await keptFolder(core, id)).map(({ name, bytes }) => [name, bytes]));
}

/** The folder of what is kept, open or not. @throws ClozeError `not_found`, `invalid_checkpoint` */
export async function keptFolder(core: TrainingCore, id: string): Promise<FolderFile[]> {
  const store = await openRunStore();
  if (!store) throw notFound(id);
  const { facts, checkpoint, source } = await readRun(store, id);
  if (facts.kind === 'model') return unpacked(checkpoint, facts.files);
  if (facts.kind !== 'run') throw new ClozeError('unsupported', say.learner, { id });
  const run = core.TrainingRun.resume(checkpoint, await source.text());
  try {
    return run.folder();
  } finally {
    run.free();
  }
}

/** Files that lie one behind the other. */
function unpacked(all: Uint8Array, files: readonly { name: string; size: number }[]): FolderFile[] {
  let at = 0;
  return files.map(({ name, size }) => ({ name, bytes: all.slice(at, (at += size)) }));
}
