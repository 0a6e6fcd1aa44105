/** The bytes of a token. */

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
  const bytes = byteLevel ? [...token].map((letter) => BYTE_OF.get(letter)) : undefined;
  // An added token is written as it is.
  return bytes?.every((byte) => byte !== undefined) ? (bytes as number[]) : [...new TextEncoder().encode(text)];
}

/** As they are usually written: `E2 82 AC`. */
export const hex = (bytes: readonly number[]): string =>
  bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
