/** The bytes of a token. */
import { cutsCharacter } from './format.js';

/**
 * The byte that each letter of a byte-level vocabulary stands for (GPT-2, `bytes_to_unicode`): what is printable in Latin-1
 * stands for itself, the other bytes for the letters from U+0100 on, in their order.
 */
const BYTE_OF: ReadonlyMap<string, number> = (() => {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(printable(byte) ? byte : next++), byte] as const),
  );
})();

/** The bytes of a token; `text` is what it stands for, which a piece of a letter has not to itself. */
export function bytesOf(token: string, text: string, byteLevel: boolean): number[] {
  // An added token is written as it is.
  return (byteLevel ? spelled(token) : undefined) ?? [...new TextEncoder().encode(text)];
}

/** The bytes that a token of a byte-level vocabulary stands for; undefined where its letters are none of such a one. */
function spelled(token: string): number[] | undefined {
  const bytes = [...token].map((letter) => BYTE_OF.get(letter));
  return bytes.every((byte) => byte !== undefined) ? (bytes as number[]) : undefined;
}

/** Bytes as a text: characters, and each byte of a part of one as the core writes it, `<0xE6>`. */
export function lettersOf(bytes: readonly number[]): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const letter = [1, 2, 3, 4].map((length) => decoded(decoder, bytes.slice(at, at + length))).find(Boolean);
    text += letter ?? `<0x${hex([bytes[at]!])}>`;
    at += letter === undefined ? 1 : new TextEncoder().encode(letter).length;
  }
  return text;
}

function decoded(decoder: TextDecoder, bytes: readonly number[]): string | undefined {
  try {
    return decoder.decode(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}

/** A token of a byte-level vocabulary as it is shown: letters for its bytes where those are whole characters. */
export function face(token: string, byteLevel: boolean): string {
  const bytes = byteLevel && /[^\u0020-\u007eĠĊĉ]/u.test(token) ? spelled(token) : undefined;
  return bytes ? lettersOf(bytes) : token;
}

/**
 * Of a token that cuts characters of the `text` where it stands: its bytes, as {@link lettersOf} writes them. Undefined for
 * every other token, also for one whose letters look like bytes.
 */
export function cutIn(token: string, text: string): string | undefined {
  const bytes = spelled(token);
  // é of a vocabulary of letters stands in the text as it is.
  if (!bytes || text.includes(token) || !cutsCharacter(lettersOf(bytes))) return undefined;
  const blank = bytes[0] === 0x20 ? 1 : 0;
  const digits = hex(bytes.slice(blank));
  return hex([...new TextEncoder().encode(text)]).includes(digits) ? lettersOf(bytes) : undefined;
}

/** As they are usually written: `E2 82 AC`. */
export const hex = (bytes: readonly number[]): string =>
  bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
