/** Searches the sections of all pages, which the build wrote into search.json. */
import MiniSearch from 'minisearch';
import type { Found } from './found';

/** A section that is found, with a piece of its text around the first word that was asked for. */
export interface Hit extends Found {
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

export type Search = (asked: string, most: number) => readonly Hit[];

/** Characters of the text before the match, and in all. */
const PIECE = { before: 40, all: 150 };

/** Reads what there is to search. */
export async function openSearch(file: string): Promise<Search> {
  const response = await fetch(new URL(file, document.baseURI));
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return searching((await response.json()) as Found[]);
}

/** Words; of Chinese, which has no blanks between them, each pair of characters. */
function tokenize(text: string): string[] {
  return (text.match(/\p{Script=Han}+|[^\p{Script=Han}\p{P}\p{Z}\p{C}\p{S}]+/gu) ?? []).flatMap((word) => {
    const letters = [...word];
    if (!/^\p{Script=Han}/u.test(word) || letters.length < 3) return [word];
    return letters.slice(1).map((letter, at) => letters[at]! + letter);
  });
}

/** A search of these sections. */
export function searching(sections: readonly Found[]): Search {
  const index = new MiniSearch<Found & { id: number }>({ fields: ['title', 'page', 'text'], tokenize });
  index.addAll(sections.map((section, id) => ({ id, ...section })));
  const find = (asked: string, combineWith: 'AND' | 'OR') =>
    index.search(asked, {
      combineWith,
      prefix: true,
      fuzzy: (word) => (word.length > 4 ? 0.25 : false),
      boost: { title: 6, page: 2 },
    });
  return (asked, most) => {
    const all = find(asked, 'AND');
    return (all.length > 0 ? all : find(asked, 'OR')).slice(0, most).map(({ id, match }) => {
      return { ...sections[id as number]!, ...piece(sections[id as number]!.text, wordsOf(match, asked)) };
    });
  };
}

/** The words that were found: those that begin as it was asked, if there are any, else what comes near. */
function wordsOf(match: object, asked: string): string[] {
  const found = Object.keys(match);
  const wanted = asked.toLowerCase().split(/\s+/u);
  const meant = found.filter((word) => wanted.some((one) => word.startsWith(one)));
  return meant.length > 0 ? meant : found;
}

/** The piece of a text in which one of the words stands first. */
function piece(text: string, words: readonly string[]): Pick<Hit, 'before' | 'match' | 'after'> {
  const small = text.toLowerCase();
  const places = words.map((word) => ({ at: small.indexOf(word), length: word.length })).filter(({ at }) => at >= 0);
  const { at, length } = places.sort((one, other) => one.at - other.at)[0] ?? { at: 0, length: 0 };
  let from = Math.max(0, at - PIECE.before);
  // Not within a word.
  if (from > 0) from = Math.min(at, text.indexOf(' ', from) + 1 || at);
  const end = from + PIECE.all;
  return {
    before: `${from > 0 ? '… ' : ''}${text.slice(from, at)}`,
    match: text.slice(at, at + length),
    after: `${text.slice(at + length, end)}${end < text.length ? ' …' : ''}`,
  };
}
