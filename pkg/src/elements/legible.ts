/**
 * Parts of characters in texts for people: the core names their bytes in tokens, `<0xE6>`, and decoding makes U+FFFD of them.
 * Here they become bytes again, and the characters that they join to (`legible.rs` does it for the program `cloze`).
 */
import { END, joinBytes, NEXT } from './joined-bytes.js';

/**
 * The bytes of which decoding makes one U+FFFD: as many as could begin a character, else a single one (Unicode 15, section 3.9,
 * "U+FFFD substitution of maximal subparts").
 */
const PART = new RegExp(
  [
    '<0xE0>(?:<0x[AB][0-9A-F]>)?',
    '<0xED>(?:<0x[89][0-9A-F]>)?',
    `<0xE[1-9A-F]>(?:${NEXT})?`,
    `<0xF0>(?:<0x[9AB][0-9A-F]>(?:${NEXT})?)?`,
    `<0xF[1-3]>(?:${NEXT}){0,2}`,
    `<0xF4>(?:<0x8[0-9A-F]>(?:${NEXT})?)?`,
    '<0x[0-9A-F]{2}>',
  ].join('|'),
  'gu',
);

/** A text for people of tokens that come one by one: bytes by their names where decoding makes U+FFFD of them. */
export class LegibleText {
  /** Named bytes at the end, of which the text has not come. */
  #open = '';

  /** What a token adds that is written as `token` and adds `text` to the decoded text. */
  add({ token, text }: { readonly token: string; readonly text: string }): string {
    const joined = joinBytes(this.#open + token);
    const parts = joined.match(PART) ?? [];
    const atEnd = END.exec(joined)?.[0].match(PART)?.length ?? 0;
    let used = 0;
    // One of the model's own is a token with that character.
    const shown = token.includes('\ufffd') ? text : text.replace(/\ufffd/gu, (unknown) => parts[used++] ?? unknown);
    this.#open = parts.slice(Math.max(used, parts.length - atEnd)).join('');
    return shown;
  }

  /** What the end of the text adds, which came with no token. */
  end(tail: string): string {
    return this.add({ token: '', text: tail });
  }
}
