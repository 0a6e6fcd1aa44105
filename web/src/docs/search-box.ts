/** The search: a box, and a list of links below it. What is searched is fetched when the box is first used. */
import type { Hit, Search } from './search';
import { words } from './words';

/** At most so many are listed. */
const MOST = 12;

const byId = (id: string): HTMLElement => document.getElementById(id)!;

/** Connects the box within `place`. */
export function setUpSearch(place: HTMLElement): void {
  const box = byId('search-box') as HTMLInputElement;
  const panel = byId('found');
  const list = byId('found-list');
  const status = byId('found-status');
  let searching: Promise<Search> | undefined;
  place.hidden = false;

  const load = (): Promise<Search> => {
    searching ??= import('./search').then(({ openSearch }) => openSearch(words.file));
    // What failed once may be there the next time.
    searching.catch(() => (searching = undefined));
    return searching;
  };
  const close = (): void => void (panel.hidden = true);

  async function show(): Promise<void> {
    const asked = box.value.trim();
    if (asked === '') return close();
    panel.hidden = false;
    try {
      const search = await load();
      if (asked !== box.value.trim()) return;
      const hits = search(asked, MOST);
      list.replaceChildren(...hits.map(itemOf));
      status.textContent = words.found(hits.length, MOST, asked);
    } catch {
      list.replaceChildren();
      status.textContent = words.lost;
    }
  }

  box.addEventListener('focus', () => void load().catch(() => undefined), { once: true });
  box.addEventListener('input', () => void show());
  // The panel covers the page: it goes when the reader does.
  place.addEventListener('focusout', ({ relatedTarget }) => {
    if (!place.contains(relatedTarget as Node | null)) close();
  });
  place.addEventListener('focusin', () => {
    if (box.value.trim() !== '' && panel.hidden) void show();
  });
  place.addEventListener('keydown', (event) => {
    const links = [...list.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (event.key === 'Escape') {
      box.focus();
      close();
    } else if (event.key === 'ArrowDown') links[at + 1]?.focus();
    else if (event.key === 'ArrowUp' && at > 0) links[at - 1]?.focus();
    else if (event.key === 'ArrowUp' && at === 0) box.focus();
    else if (event.key === 'Enter' && at < 0) links[0]?.click();
    else return;
    event.preventDefault();
  });
  addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

function itemOf({ page, title, address, before, match, after }: Hit): HTMLLIElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = address;
  const name = document.createElement('strong');
  name.textContent = title;
  link.append(name, ...(page === title ? [] : [` ${page}`]));
  const text = document.createElement('span');
  const mark = document.createElement('mark');
  mark.textContent = match;
  text.append(before, mark, after);
  link.append(text);
  item.append(link);
  return item;
}
