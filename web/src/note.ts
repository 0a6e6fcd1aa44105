/** A note to the reader above the tabs, perhaps with something that can be done about it. */

/** A button in the note; the note goes with it. */
export interface NoteAction {
  readonly name: string;
  readonly act: () => void;
}

/** Shows `text` in `place`, instead of what stands there; the empty text takes it away. */
export function showNote(place: HTMLElement, text: string, action?: NoteAction): void {
  place.replaceChildren();
  if (text === '') return;
  const paragraph = document.createElement('p');
  paragraph.className = 'note';
  paragraph.textContent = text;
  if (action) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = action.name;
    button.addEventListener('click', () => {
      showNote(place, '');
      action.act();
    });
    paragraph.append(' ', button);
  }
  place.append(paragraph);
}
