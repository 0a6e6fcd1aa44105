/** The pickers for files and folders of this device's disk. */
import { html, type TemplateResult } from 'lit';
import { modelsWords } from '../../words/screens/models.js';
import { problemBelow } from '../widgets/parts.js';

const say = modelsWords.disk;

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

/** What the buttons of {@link renderDisk} do. */
export interface DiskActions {
  readonly pickFolder: () => void;
  readonly pickFiles: () => void;
}

/** The buttons for models of this device's disk, with what is wrong with what was picked. */
export const renderDisk = (problem: string | undefined, actions: DiskActions): TemplateResult =>
  html`<section class="or" aria-label=${say.section}>
    <p class="small">${say.about}</p>
    <div class="row">
      <button type="button" id="folder" aria-describedby="disk-problem" @click=${actions.pickFolder}>
        ${say.folder}
      </button>
      <button type="button" id="files" aria-describedby="disk-problem" @click=${actions.pickFiles}>${say.files}</button>
    </div>
    ${problemBelow('disk', problem)}
  </section>`;
