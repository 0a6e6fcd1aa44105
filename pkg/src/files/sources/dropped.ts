/** What was dropped on a page. */
import { ClozeError } from '../../border/errors.js';
import * as words from '../../words/files/index.js';

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
  const folders: FileSystemDirectoryEntry[] = [];
  for (const { entry, file } of found) {
    if (entry?.isDirectory) folders.push(entry as FileSystemDirectoryEntry);
    else if (file) files.push(file);
  }
  // Level by level: these files do not say where they were, so that of two with one name the first counts.
  for (let folder = folders.shift(); folder; folder = folders.shift()) await look(folder, files, folders);
  return files;
}

/** Adds what is in a folder to what was found. */
async function look(
  folder: FileSystemDirectoryEntry,
  files: File[],
  folders: FileSystemDirectoryEntry[],
): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // It gives some hundred at a time.
    const entries = await promised<FileSystemEntry[]>(
      (resolve, reject) => reader.readEntries(resolve, reject),
      folder.name,
    );
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (files.length + folders.length >= MOST)
        throw new ClozeError('invalid_option', words.drops.tooMany(folder.name), { folder: folder.name });
      // Such as .git and .cache: copies of what is beside them.
      if (entry.isDirectory) {
        if (!entry.name.startsWith('.')) folders.push(entry as FileSystemDirectoryEntry);
      } else
        files.push(
          await promised<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject), entry.name),
        );
    }
  }
}

const promised = <T>(
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  name: string,
): Promise<T> =>
  new Promise<T>(start).catch((cause: unknown) => {
    throw new ClozeError('not_found', words.drops.unreadable(name), { file: name }, { cause });
  });
