/**
 * The language of the page, and tables of words that follow it. A table is one object for good: where the language
 * changes, its sentences are replaced within it, so that code may hold on to a part of it (`const say = words.frame`).
 * English is there from the start; another language is fetched when it is first spoken.
 */

/** The languages there are, by their subtag: English, and Chinese (Simplified). */
export const LANGUAGES = ['en', 'zh'] as const;

/** One of {@link LANGUAGES}. */
export type Language = (typeof LANGUAGES)[number];

/** As the attribute `lang` and `Intl` want it. */
export const LANGUAGE_TAGS: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-CN' };

/** How a table comes in the languages that are fetched. */
export type Translations<T> = Readonly<Record<Exclude<Language, 'en'>, () => Promise<T>>>;

/** A part of a table, or the whole. */
type Part = Record<string, unknown>;

/** A table of words, in the language that is spoken. */
interface Table {
  readonly live: Part;
  /** The English sentences, kept while another language stands in `live`. */
  english?: Part;
  /** Those that came. */
  readonly fetched: Map<Language, Part>;
  readonly translations: Translations<object>;
}

const tables: Table[] = [];
const listeners = new Set<() => void>();
let spoken: Language = 'en';
/** The one that will be, once its words are there. */
let asked: Language = 'en';
/** The fetch under way. */
let pending: Promise<void> | undefined;

/** The language that is spoken. */
export const language = (): Language => spoken;

/** The language of a tag such as `zh-Hans-CN`; undefined where it is none of {@link LANGUAGES}. */
export const languageOf = (tag: string): Language | undefined =>
  LANGUAGES.find((one) => new RegExp(`^${one}\\b`, 'iu').test(tag));

/** What is awaited before anything is said: the words of the language, while they are fetched. */
export const wordsComing = (): Promise<void> | undefined => pending;

/** Hears of another language once its words are there; returns how to stop hearing. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Speaks a language from now on: fetches its words and puts them in place. If they cannot be fetched it rejects, and the
 * language stays.
 */
export async function setLanguage(wanted: Language): Promise<void> {
  asked = wanted;
  const fetching = Promise.all(tables.map((table) => fetched(table, wanted)));
  const done = fetching.then(() => {
    // Another one was asked for in the meantime.
    if (pending !== done) return;
    pending = undefined;
    spoken = wanted;
    tables.forEach((table) => speak(table, wanted));
    listeners.forEach((listener) => listener());
  });
  pending = done;
  try {
    await done;
  } finally {
    if (pending === done) [pending, asked] = [undefined, spoken];
  }
}

/**
 * Speaks the language of a tag, if there is one: for a worker, which is told. Words that cannot be fetched leave the English
 * ones standing.
 */
export async function speakTag(tag = 'en'): Promise<void> {
  const wanted = languageOf(tag);
  if (wanted !== undefined && wanted !== spoken) await setLanguage(wanted).catch(() => undefined);
}

/** Makes a table of English words follow the language; one that is made late is translated as soon as its words came. */
export function translated<T extends object>(english: T, translations: Translations<T>): T {
  const table: Table = { live: english as Part, fetched: new Map(), translations };
  tables.push(table);
  // Words that cannot be fetched leave the English ones standing.
  if (asked !== 'en') setLanguage(asked).catch(() => undefined);
  return english;
}

async function fetched({ fetched: all, translations }: Table, wanted: Language): Promise<void> {
  if (wanted === 'en' || all.has(wanted)) return;
  all.set(wanted, (await translations[wanted]()) as Part);
}

function speak(table: Table, wanted: Language): void {
  const before = (table.english ??= copy(table.live));
  // A table made in the meantime may lack its words; it asks for them itself.
  const words = wanted === 'en' ? before : table.fetched.get(wanted);
  if (words) fill(table.live, words);
}

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && !Array.isArray(value);

function copy(part: Part): Part {
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, isPart(value) ? copy(value) : value]));
}

/** Puts sentences in the place of those in `live`; lists are replaced whole. */
function fill(live: Part, words: Part): void {
  for (const key of Object.keys(live)) if (!(key in words)) delete live[key];
  for (const [key, value] of Object.entries(words)) {
    const there = live[key];
    if (isPart(value) && isPart(there)) fill(there, value);
    else live[key] = isPart(value) ? copy(value) : value;
  }
}
