/** How far a load is: all its files taken together. */
import type { ModelSource } from '../../border/load-request.js';
import type { ProgressInfo, WholeLoad } from '../../border/types.js';
import { isWeightFile } from '../bytes/weight-files.js';

/** Where one file stands. */
interface FileProgress {
  loaded: number;
  total: number | undefined;
  /** Bytes per second, while it comes. */
  rate: number;
}

/** What is known before anything is asked for: the lengths of the package's own files. */
export function expected(source: ModelSource): WholeLoad | undefined {
  if (source.kind !== 'default') return undefined;
  return { loaded: 0, total: Object.values(source.files).reduce((sum, { size = 0 }) => sum + size, 0) };
}

/** Adds the files of one load up. */
export class WholeProgress {
  readonly #files = new Map<string, FileProgress>();

  constructor(source: ModelSource) {
    if (source.kind !== 'default') return;
    for (const [name, { size }] of Object.entries(source.files)) if (size !== undefined) this.expect(name, size);
  }

  /** A file of this length is going to come. */
  expect(file: string, total: number): void {
    this.#of(file).total = total;
  }

  /** All of a file is there that tells nothing on its way. */
  arrived(file: string): void {
    const progress = this.#files.get(file);
    if (progress) progress.loaded = progress.total ?? 0;
  }

  /** What is told of a file, with where the load stands then. */
  with(progress: ProgressInfo): ProgressInfo {
    const { file, status, loaded, total, rate } = progress;
    if (file !== undefined && (loaded !== undefined || total !== undefined)) {
      const before = this.#of(file);
      this.#files.set(file, {
        loaded: loaded ?? before.loaded,
        total: total ?? before.total,
        rate: status === 'progress' ? (rate ?? before.rate) : 0,
      });
    }
    return this.#files.size > 0 ? { ...progress, whole: this.#sum() } : progress;
  }

  #of(file: string): FileProgress {
    let progress = this.#files.get(file);
    if (!progress) this.#files.set(file, (progress = { loaded: 0, total: undefined, rate: 0 }));
    return progress;
  }

  #sum(): WholeLoad {
    const files = [...this.#files];
    const sum = (value: (file: FileProgress) => number): number =>
      files.reduce((all, [, file]) => all + value(file), 0);
    const loaded = sum((file) => file.loaded);
    const rate = sum((file) => (file.loaded === file.total ? 0 : file.rate));
    // The weights are all but everything; a packed file's length is known when it is there.
    if (!files.some(([name, file]) => isWeightFile(name) && file.total !== undefined)) return { loaded };
    const total = sum((file) => file.total ?? file.loaded);
    return { loaded, total, ...(rate > 0 && { rate, seconds_left: (total - loaded) / rate }) };
  }
}
