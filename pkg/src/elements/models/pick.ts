/** The pickers for files and folders of this device's disk. */

/** The browser's own folder picker, where it has one. */
export const folderPicker = (): (() => Promise<FileSystemDirectoryHandle>) | undefined =>
  (window as { showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle> }).showDirectoryPicker?.bind(window);

/** The picker that every browser has, for files or for all files of a folder; `picked` is not called for none. */
export function pickFiles(folder: boolean, picked: (files: File[]) => void): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = folder;
  input.addEventListener('change', () => {
    if (input.files && input.files.length > 0) picked([...input.files]);
  });
  input.click();
}
