import { describe, expect, it } from 'vitest';
import {
  count,
  megabytes,
  milliseconds,
  parameters,
  percent,
  size,
  spokenToken,
  timeLeft,
  transferred,
  visibleSpaces,
} from './format.js';

/** Units are kept on the line of their figure by no-break spaces. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('percent', () => {
  it.each([
    [0, '0.0 %'],
    [0.00001, '< 0.1 %'],
    [0.0005, '0.1 %'],
    [0.1234, '12.3 %'],
    [0.9999, '> 99.9 %'],
    [1, '100.0 %'],
    [Number.NaN, '–'],
  ])('%f is %s', (value, text) => expect(plain(percent(value))).toBe(text));
});

describe('units', () => {
  it('keeps small times exact and long ones short', () => {
    expect(plain(milliseconds(3.26))).toBe('3.3 ms');
    expect(plain(milliseconds(42.4))).toBe('42 ms');
    expect(plain(milliseconds(1234))).toBe('1,234 ms');
    expect(plain(milliseconds(12_345))).toBe('12.3 s');
  });
  it('counts bytes in MB', () => expect(plain(megabytes(24_500_000))).toBe('24.5 MB'));
  it.each([
    [420, '0.4 kB'],
    [99_999, '100.0 kB'],
    [550_074, '0.6 MB'],
    [440_473_133, '440.5 MB'],
    [10_240_000_000, '10.24 GB'],
  ])('%i bytes are %s', (bytes, text) => expect(plain(size(bytes))).toBe(text));
  it.each([
    [0.2, '1 s left'],
    [17, '20 s left'],
    [58, '1 min left'],
    [170, '3 min left'],
    [9000, '2.5 h left'],
  ])('%f seconds are %s', (seconds, text) => expect(plain(timeLeft(seconds))).toBe(text));
  it('says how much came and how quickly', () => {
    expect(plain(transferred(12_300_000, 24_500_000, 8_100_000))).toBe('12.3 of 24.5 MB, 8.1 MB/s');
    expect(plain(transferred(12_300_000))).toBe('12.3 MB');
  });
  it('counts', () => {
    expect(count(1, 'token')).toBe('1 token');
    expect(count(1024, 'token')).toBe('1,024 tokens');
  });
  it('names the size of a model', () => {
    expect(parameters(4_300_000)).toBe('4.3M');
    expect(parameters(124_439_808)).toBe('124M');
    expect(parameters(12_000)).toBe('12k');
  });
});

describe('tokens', () => {
  it('makes white space visible', () => expect(visibleSpaces(' a\n')).toBe('␣a↵'));
  it('gives white space a name', () => {
    expect(spokenToken('\n')).toBe('line break');
    expect(spokenToken('  ')).toBe('space');
    expect(spokenToken(' the')).toBe('the');
  });
});
