/** The list of further screens, folded away behind the tabs: it folds itself once it was used, left, or by Escape. */
import { parseFragment } from './fragment';
import { byId } from './screens';

export function setUpMore(more: HTMLDetailsElement): void {
  const fold = (): void => void (more.open = false);
  more.addEventListener('click', (event) => {
    const link = (event.target as Element).closest('a');
    // It opens in another tab or window of the browser.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { screen } = parseFragment(link.hash);
    fold();
    if (!screen) return;
    // The link leads to this tab, which may not show yet: else the focus would fall to the page.
    const tab = byId(`tab-${screen.task}`);
    tab.hidden = false;
    tab.focus();
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
