/** Bytes of parts of characters, as the core names them in tokens, `<0xE6>`; and the characters that they join to. */

/** A byte that goes on with a character. */
export const NEXT = '<0x[89AB][0-9A-F]>';
/** The bytes of a whole character. */
const WHOLE = new RegExp(`<0x[CD]\\w>${NEXT}|<0xE\\w>(?:${NEXT}){2}|<0xF[0-4]>(?:${NEXT}){3}`, 'gu');
/** The named bytes at the end of a text. */
export const END = /(?:<0x[0-9A-F]{2}>)+$/u;

/** The text with the characters that its named bytes join to: `京` for `<0xE4><0xBA><0xAC>`. */
export const joinBytes = (text: string): string =>
  text.replace(WHOLE, (bytes) => {
    try {
      return decodeURIComponent(bytes.replace(/<0x(..)>/g, '%$1'));
    } catch {
      // What looks so and is no character.
      return bytes;
    }
  });

/** Whether a text ends within a character. */
export const endsInPart = (text: string): boolean => END.test(text);
