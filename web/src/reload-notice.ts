/** A quiet line above the tabs: something that a reload brings, and a button for it. */
import { words } from './words';

/** Shows it in `place`, instead of what stands there; returns what says it again in other words. */
export function offerReload(place: HTMLElement, say: () => string, reload: () => void): () => void {
  const line = document.createElement('p');
  line.className = 'reload-notice';
  const button = document.createElement('button');
  button.type = 'button';
  button.addEventListener('click', () => {
    button.disabled = true;
    reload();
  });
  const text = document.createElement('span');
  const tell = (): void => {
    text.textContent = say();
    button.textContent = words.reload;
  };
  tell();
  line.append(text, ' ', button);
  place.replaceChildren(line);
  return tell;
}
