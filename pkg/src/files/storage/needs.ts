/** What a model cannot run without, and what of it is not kept. */
import { HASHES } from '../sources/default-hashes.js';
import type { Note } from './note.js';

const WEIGHTS = /\.(gguf|safetensors|bin)$/iu;

/** The names of the files that are missing or not whole, of all that is kept of a model. */
export function missingOf(notes: readonly Note[]): string[] {
  const whole = new Set(notes.filter(({ complete }) => complete).map(({ name }) => name));
  const needed = neededBy(notes);
  if (needed) return needed.filter((name) => !whole.has(name));
  // Nothing was noted, as by older versions or before the weights were asked for.
  const weights = notes.map(({ name }) => name).filter((name) => WEIGHTS.test(name));
  if (weights.some((name) => whole.has(name))) return [];
  return weights.length > 0 ? weights : ['model.safetensors'];
}

/** The last load's word counts: another version of a model may have other files. */
function neededBy(notes: readonly Note[]): string[] | undefined {
  const own = /^cloze:(.*)$/u.exec(notes[0]?.model.id ?? '')?.[1];
  if (own !== undefined && Object.hasOwn(HASHES, own)) return Object.keys(HASHES[own as keyof typeof HASHES]);
  const noted = notes.flatMap(({ needs }) => needs ?? []);
  return noted.length === 0 ? undefined : noted.reduce((last, one) => (one.since >= last.since ? one : last)).files;
}
