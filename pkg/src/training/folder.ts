/** Trained folders as files, and as one file to download. */
import { fileName } from './file-name.js';
import type { FolderFile } from './core.js';

/**
 * The files of a folder as a picker gives them: their paths begin with the folder's name, which is what the Models screen
 * calls them.
 */
export function asFolder(name: string, files: readonly FolderFile[]): File[] {
  const folder = fileName(name);
  return files.map((file) => {
    const made = new File([file.bytes as Uint8Array<ArrayBuffer>], file.name);
    return Object.defineProperty(made, 'webkitRelativePath', { value: `${folder}/${file.name}` });
  });
}

/**
 * A folder as one zip file, to be downloaded: `from_pretrained` reads it once it is unpacked. Nothing is compressed, as
 * weights cannot be.
 *
 * @example
 * ```ts
 * const url = URL.createObjectURL(await zipFolder(await run.folder()));
 * ```
 */
export async function zipFolder(files: readonly File[]): Promise<Blob> {
  const { zipSync } = await import('fflate');
  const entries: Record<string, Uint8Array> = {};
  for (const file of files) {
    const path = file.webkitRelativePath || file.name;
    entries[path] = new Uint8Array(await file.arrayBuffer());
  }
  return new Blob([zipSync(entries, { level: 0 }) as Uint8Array<ArrayBuffer>], { type: 'application/zip' });
}
