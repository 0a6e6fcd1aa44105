/** Files and folders dropped anywhere on the page. */

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;

/** Shows `veil` while files are dragged over the page; `onDrop` is called in the turn of the drop. */
export function setUpDrop(veil: HTMLElement, onDrop: (data: DataTransfer) => void): void {
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    // Else the browser opens what is dropped, in place of the page.
    event.preventDefault();
    veil.hidden = false;
  });
  addEventListener('dragleave', (event) => {
    // Out of the window, not from one element into the next.
    if (event.relatedTarget === null) veil.hidden = true;
  });
  addEventListener('drop', (event) => {
    if (!hasFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    veil.hidden = true;
    onDrop(event.dataTransfer);
  });
}
