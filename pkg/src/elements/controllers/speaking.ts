/**
 * Which language the elements speak. All of a page speak one: that of the nearest `lang` attribute around the element that
 * came last; where there is none, or of a language without words, the first of the browser's that has. A page that calls
 * `setLanguage` decides itself.
 */
import { LitElement, type ReactiveElement } from 'lit';
import {
  language,
  LANGUAGE_TAGS,
  languageOf,
  onLanguage,
  setLanguage,
  wordsComing,
  type Language,
} from '../../words/language.js';

/** The language that the page itself decided on. */
let decided: Language | undefined;

/** Speaks a language from now on, whatever the attributes `lang` say; undefined lets them decide again. */
export async function speak(wanted: Language | undefined): Promise<void> {
  decided = wanted;
  await setLanguage(wanted ?? languageAround(document.documentElement));
}

/** The language around an element: of the nearest attribute `lang`, also outside of the shadow tree it is in. */
export function languageAround(element: Element): Language {
  for (let at: Element | undefined = element; at; at = above(at)) {
    const tag = at.getAttribute('lang');
    // An empty one says that the language is unknown.
    if (tag !== null) return languageOf(tag) ?? ofBrowser();
  }
  return ofBrowser();
}

function above(element: Element): Element | undefined {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : undefined);
}

const ofBrowser = (): Language => navigator.languages.map(languageOf).find((one) => one !== undefined) ?? 'en';

/** Hears when an attribute `lang` changes. */
const attributes =
  typeof MutationObserver === 'undefined'
    ? undefined
    : new MutationObserver((changes) => changes.forEach(({ target }) => follow(target as Element)));

/** Speaks the language around an element, where the page has not decided. */
function follow(element: Element): void {
  const wanted = decided ?? languageAround(element);
  // Words that cannot be fetched leave those standing that are there.
  if (wanted !== language() || wordsComing()) setLanguage(wanted).catch(() => undefined);
}

function within(element: Element): boolean {
  const root = element.getRootNode();
  return root instanceof ShadowRoot && root.host instanceof LitElement;
}

/** What an element needs besides: updates wait for the words, and what it shows says which language it is in. */
type Updating = ReactiveElement & { scheduleUpdate(): void | Promise<unknown> };

function attach(element: Updating): void {
  const update = element.scheduleUpdate.bind(element);
  element.scheduleUpdate = () => {
    const coming = wordsComing();
    return coming ? coming.then(update, update) : update();
  };
  let stop: (() => void) | undefined;
  element.addController({
    hostConnected: () => {
      attributes?.observe(document.documentElement, { attributeFilter: ['lang'] });
      attributes?.observe(element, { attributeFilter: ['lang'] });
      // One within another element of ours is where that one is.
      if (!within(element)) follow(element);
      stop = onLanguage(() => element.requestUpdate());
    },
    hostDisconnected: () => stop?.(),
    hostUpdated: () => {
      const tag = LANGUAGE_TAGS[language()];
      for (const child of element.renderRoot.children)
        if (child.getAttribute('lang') !== tag) child.setAttribute('lang', tag);
    },
  });
}

/** Makes all elements that are defined from now on follow the language. */
export function followLanguage(): void {
  LitElement.addInitializer((element) => attach(element as Updating));
}
