/**
 * The language switch, and the words that stand in index.html. Which language a visit begins with is decided before the
 * first paint (public/language-first.js) and stands in the `lang` of `<html>`, which the package's elements follow.
 */
import { language, LANGUAGE_TAGS, LANGUAGES, onLanguage, setLanguage, type Language } from 'cloze/elements';
import { SCREENS } from 'cloze/screens';
import { byId } from './screens';
import { words } from './words';

const KEY = 'cloze-language'; // also read by public/language-first.js

const isLanguage = (value: unknown): value is Language => LANGUAGES.some((one) => one === value);

/** What an element of index.html says in English; other languages say it by its key. */
const english = new Map<Element, string>();

/** Puts the words of the page's language into index.html. */
function translatePage(): void {
  const root = document.documentElement;
  root.lang = LANGUAGE_TAGS[language()];
  const page: Readonly<Record<string, string>> = words.page;
  for (const element of document.querySelectorAll<HTMLElement>('[data-words]:not(html)')) {
    const said = element.getAttribute('aria-label') ?? element.getAttribute('content') ?? element.textContent;
    if (!english.has(element)) english.set(element, said);
    const text = page[element.dataset['words'] ?? ''] ?? english.get(element)!;
    if (element.hasAttribute('aria-label')) element.setAttribute('aria-label', text);
    else if (element.hasAttribute('content')) element.setAttribute('content', text);
    else element.textContent = text;
  }
  for (const { task, label, brought } of SCREENS.map((row) => ({ brought: undefined, ...row }))) {
    byId(`tab-${task}`).textContent = label;
    const link = document.querySelector(`#more a[href="#task=${task}"]`);
    if (!link || brought === undefined) continue;
    link.textContent = label;
    link.nextElementSibling!.textContent = brought;
  }
  byId('for-teachers').setAttribute('href', words.teachers);
  for (const link of document.querySelectorAll('a[href^="./docs/"]'))
    link.setAttribute('href', link.getAttribute('href')!.replace(/(?:\.zh)?\.html$/u, words.docsEnding));
  delete root.dataset['words'];
}

/** Remembers the reader's choice; the address says no other one from now on. */
function keep(chosen: Language): void {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage may be forbidden: then it holds for this visit.
  }
  const address = new URL(location.href);
  if (!address.searchParams.has('lang')) return;
  address.searchParams.set('lang', chosen);
  history.replaceState(history.state, '', address);
}

/** Connects the radio buttons named `language` inside `group`. Calls `changed` once other words are there. */
export function setUpLanguage(group: HTMLElement, changed: () => void): void {
  const radios = [...group.querySelectorAll<HTMLInputElement>('input[name="language"]')];
  const show = (): void => radios.forEach((radio) => (radio.checked = radio.value === language()));
  onLanguage(() => {
    translatePage();
    show();
    changed();
  });
  // English stands there already.
  if (document.documentElement.dataset['words'] === undefined) show();
  group.addEventListener('change', () => {
    const chosen = radios.find((radio) => radio.checked)?.value;
    if (!isLanguage(chosen)) return;
    // Words that cannot be fetched leave the language as it is.
    setLanguage(chosen).then(() => keep(chosen), show);
  });
}

/** Speaks the language that was decided on; without its words the page shows in English. */
export async function speakFirst(): Promise<void> {
  const wanted = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';
  if (wanted === 'en') return;
  try {
    await setLanguage(wanted);
  } catch {
    translatePage();
  }
}
