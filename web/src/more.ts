/** The list of further screens, folded away behind the tabs: it folds itself once it was used, left, or by Escape. */

export function setUpMore(more: HTMLDetailsElement): void {
  const fold = (): void => void (more.open = false);
  more.addEventListener('click', (event) => {
    if ((event.target as Element).closest('a')) fold();
  });
  more.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !more.contains(relatedTarget)) fold();
  });
  more.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !more.open) return;
    fold();
    more.querySelector('summary')?.focus();
  });
  // A click into the page beside it moves no focus.
  document.addEventListener('pointerdown', ({ target }) => {
    if (!more.contains(target as Node)) fold();
  });
}
