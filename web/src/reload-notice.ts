/** A quiet line above the tabs: something that a reload brings, and a button for it. */
import { words } from './words';

/** Shows it in `place`, instead of what stands there. */
export function offerReload(place: HTMLElement, text: string, reload: () => void): void {
  const line = document.createElement('p');
  line.className = 'reload-notice';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = words.reload;
  button.addEventListener('click', () => {
    button.disabled = true;
    reload();
  });
  line.append(text, ' ', button);
  place.replaceChildren(line);
}
