/** News of a load as `progress_callback` hears them: those of the worker, with the fields that transformers.js gives them. */
import type { FileProgress, ProgressInfo } from '../border/types.js';

/** What a load is of. */
export interface LoadSubject {
  /** The model as it was asked for. */
  name?: string;
  /** What it is loaded for. */
  task?: string;
}

/** Makes a listener of the worker's news. Before each piece of a file comes how far all of them are (`progress_total`). */
export function loadNews(
  callback: (progress: ProgressInfo) => void,
  { name, task }: LoadSubject,
): (progress: ProgressInfo) => void {
  const files: Record<string, FileProgress> = {};
  const named = name === undefined ? {} : { name };
  return (progress) => {
    const { status, file, loaded = 0, total, whole } = progress;
    if (status === 'ready') {
      callback({ ...named, ...progress, ...(task !== undefined && { task, model: name ?? 'default' }) });
      return;
    }
    if (status !== 'progress' || file === undefined) {
      callback({ ...named, ...progress });
      return;
    }
    files[file] = { loaded, total: total ?? loaded };
    const all = whole?.total === undefined ? sumOf(Object.values(files)) : { loaded: whole.loaded, total: whole.total };
    const { message } = progress;
    callback({
      ...named,
      status: 'progress_total',
      ...all,
      progress: percent(all.loaded, all.total),
      files: structuredClone(files),
      ...(whole && { whole }),
      message,
    });
    callback({ ...named, ...progress, ...(total !== undefined && { progress: percent(loaded, total) }) });
  };
}

const percent = (loaded: number, total: number): number => (total > 0 ? Math.min(100, (100 * loaded) / total) : 0);

const sumOf = (files: readonly FileProgress[]): FileProgress => ({
  loaded: files.reduce((sum, { loaded }) => sum + loaded, 0),
  total: files.reduce((sum, { total }) => sum + total, 0),
});
