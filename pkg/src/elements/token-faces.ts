/** Tokens of a text for people. */
import type { TokenInfo } from '../index.js';
import { visibleSpaces } from './format.js';
import { cutIn } from './token-bytes.js';

/** The texts that tokens come from. */
export interface Texts {
  readonly text: string;
  readonly pair: string;
}

/**
 * A token for people: `##ing` as it is, the bytes of GPT-2's `Ġthe` as the text has them, `␣the`. One that cuts a character
 * is its bytes and the character: `⟨E6 9D⟩ → 東`.
 */
export function shown({ token, special, sequence, start, end }: TokenInfo, { text, pair }: Texts): string {
  if (special || /^[\u0021-\u007e]+$/u.test(token)) return token;
  const piece = (sequence === 1 ? pair : text).slice(start, end);
  if (piece === '') return token;
  const cut = cutIn(token, piece);
  // Several tokens may share the character.
  if (cut !== undefined) return `${visibleSpaces(cut)} → ${visibleSpaces(piece)}`;
  const blank = /^[Ġ▁]/u.test(token) && !/^\s/u.test(piece) ? ' ' : '';
  return visibleSpaces(blank + piece);
}
