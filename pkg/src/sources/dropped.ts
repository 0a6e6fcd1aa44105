/** What was dropped on a page. */
import { ClozeError } from '../errors.js';

/** More are not looked at: a model has few. */
const MOST = 1000;

/**
 * The files of a drop, and those in the folders of it. Call it in the event's own turn: afterwards browsers forget what
 * was dropped.
 *
 * @example
 * ```ts
 * area.addEventListener('drop', async (event) => {
 *   event.preventDefault();
 *   const unmask = await pipeline('fill-mask', await droppedFiles(event.dataTransfer));
 * });
 * ```
 */
export async function droppedFiles(data: DataTransfer | null): Promise<File[]> {
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === 'file');
  const found = items.map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  const files: File[] = [];
  for (const { entry, file } of found) {
    if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, files);
    else if (file) files.push(file);
  }
  return files;
}

async function walk(folder: FileSystemDirectoryEntry, files: File[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // It gives some hundred at a time.
    const entries = await promised<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject), folder.name);
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (files.length >= MOST) throw new ClozeError('invalid_option', `The folder ${folder.name} has too many files to be a model's. Drop the model's own folder.`, { folder: folder.name });
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, files);
      else files.push(await promised<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject), entry.name));
    }
  }
}

const promised = <T>(start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void, name: string): Promise<T> =>
  new Promise<T>(start).catch((cause: unknown) => {
    throw new ClozeError('not_found', `${name} cannot be read. Drop it again, or choose the files instead.`, { file: name }, { cause });
  });
