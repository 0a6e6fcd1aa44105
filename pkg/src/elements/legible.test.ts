import { expect, it, test } from 'vitest';
import { bytesShown, visibleSpaces } from './format.js';
import { endsInPart, joinBytes } from './joined-bytes.js';
import { LegibleText } from './legible.js';

/** The bytes of a text by their names. */
const named = (bytes: Iterable<number>): string =>
  [...bytes].map((byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`).join('');
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

it.each(['京', 'é', '🧊', '中文👍🏽', 'ก', '\u{10ffff}'])('the bytes of %s join to it', (text) => {
  expect(joinBytes(named(bytesOf(text)))).toBe(text);
  expect(joinBytes(`a${named(bytesOf(text))}b<0xE4>`)).toBe(`a${text}b<0xE4>`);
  expect(endsInPart(named(bytesOf(text).slice(0, -1)))).toBe(true);
});

test('what is no character stays bytes', () => {
  // A surrogate, an overlong blank, a byte too many.
  for (const bytes of ['<0xED><0xA0><0x80>', '<0xC0><0xA0>', '<0x80>', '<0xE4><0xBA>'])
    expect(joinBytes(bytes)).toBe(bytes);
  expect(endsInPart('<0xE4>a')).toBe(false);
});

/** Cuts the bytes of a text at each place, as byte-level tokens may, and decodes what is there as a tokenizer does. */
function* cuts(bytes: Uint8Array): Generator<{ token: string; text: string }[]> {
  const lossy = (to: number): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.slice(0, to));
  for (let cut = 1; cut < bytes.length; cut++) {
    const certain = lossy(cut).replace(/\ufffd{1,3}$/u, '');
    const readable = (part: Uint8Array): string => {
      const valid = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      let token = '';
      for (let at = 0; at < part.length;) {
        const length = [1, 2, 3, 4].find((length) => {
          try {
            return [...valid.decode(part.slice(at, at + length))].length === 1;
          } catch {
            return false;
          }
        });
        token += length ? new TextDecoder().decode(part.slice(at, at + length)) : named(part.slice(at, at + 1));
        at += length ?? 1;
      }
      return token;
    };
    yield [
      { token: readable(bytes.slice(0, cut)), text: certain },
      { token: readable(bytes.slice(cut)), text: lossy(bytes.length).slice(certain.length) },
    ];
  }
}

test('a text shows no U+FFFD, wherever its tokens cut it', () => {
  const broken = [0xe4, 0xbd, ...bytesOf(' the 北'), 0xe5, 0x8c];
  // Bytes that begin no character, overlong ones, half a surrogate, and what lies beyond the last character.
  const none = [0xc0, 0x80, 0xe0, 0x80, 0x61, 0xed, 0xa0, 0x80, 0xf0, 0x80, 0x61, 0xf4, 0x90, 0x80, 0xf8, 0x80, 0x61];
  for (const bytes of [bytesOf('我爱北京👍。'), new Uint8Array(broken), new Uint8Array(none)])
    for (const tokens of cuts(bytes)) {
      const legible = new LegibleText();
      const shown = tokens.map((token) => legible.add(token)).join('') + legible.end('');
      expect(shown).not.toContain('\ufffd');
      expect(joinBytes(shown)).toBe(joinBytes(tokens.map(({ token }) => token).join('')));
    }
});

test('a text that ends within a character', () => {
  const legible = new LegibleText();
  expect(legible.add({ token: ' 北<0xE4><0xBA>', text: ' 北' })).toBe(' 北');
  expect(bytesShown(legible.end('\ufffd'))).toBe('⟨E4\u00a0BA⟩');
  const row = new LegibleText();
  for (const token of ['<0xE4>', '<0xE5>', '<0xE6>']) expect(row.add({ token, text: '' })).toBe('');
  expect(row.add({ token: '<0xE7>', text: '\ufffd' })).toBe('<0xE4>');
  expect(row.add({ token: 'a', text: '\ufffd\ufffd\ufffda' })).toBe('<0xE5><0xE6><0xE7>a');
});

test('where the bytes are not known any more, it is said that there were some', () => {
  expect(bytesShown('我爱\ufffd')).toBe('我爱⟨…⟩');
  expect(bytesShown('a <0xE4><0xBD> b')).toBe('a ⟨E4\u00a0BD⟩ b');
  expect(visibleSpaces(' <0xE4>')).toBe('␣⟨E4⟩');
  // The character itself, as a token of a vocabulary.
  expect(bytesShown('\ufffd')).toBe('\ufffd');
});
