/** Numbers as the screens show them: absolute, with their unit. */
import { words } from '../words/index.js';

const say = words.numbers;

/** Keeps a figure and its unit on one line. */
const NBSP = '\u00a0';

/** A number with so many decimals, as the page's language writes it. */
export const number = (value: number, digits = 0): string =>
  value.toLocaleString(say.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A number with so many decimals. */
export const decimal = (value: number, digits: number): string => number(value, digits);

/** A probability (0 to 1) in percent with one decimal; tiny ones stay distinguishable from zero. */
export function percent(probability: number): string {
  if (!Number.isFinite(probability)) return '–';
  if (probability > 0 && probability < 0.0005) return `<${NBSP}0.1${NBSP}%`;
  if (probability < 1 && probability >= 0.9995) return `>${NBSP}99.9${NBSP}%`;
  return `${number(probability * 100, 1)}${NBSP}%`;
}

/** The probability behind a natural logarithm. */
export const probabilityOf = (logprob: number): number => Math.exp(logprob);

/** Milliseconds: whole from 10 up, one decimal below, seconds from 10 s up. */
export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${number(ms / 1000, 1)}${NBSP}s`;
  return `${number(ms, ms < 10 ? 1 : 0)}${NBSP}ms`;
}

/** Bytes in MB (10⁶), the unit downloads are counted in. */
export const megabytes = (bytes: number): string => `${number(bytes / 1e6, 1)}${NBSP}MB`;

/** Bytes in the unit that suits them: kB, MB or GB (10³, 10⁶, 10⁹). */
export function size(bytes: number): string {
  if (bytes >= 1e9) return `${number(bytes / 1e9, 2)}${NBSP}GB`;
  return bytes >= 1e5 ? megabytes(bytes) : `${number(bytes / 1e3, 1)}${NBSP}kB`;
}

/** How long it still takes, as exact as one can know: `20 s left`, `3 min left`, `2.5 h left`. */
export function timeLeft(seconds: number): string {
  if (seconds < 55) return say.secondsLeft(number(seconds < 10 ? Math.ceil(seconds) : Math.ceil(seconds / 5) * 5, 0));
  return seconds < 5400
    ? say.minutesLeft(number(Math.round(seconds / 60), 0))
    : say.hoursLeft(number(seconds / 3600, 1));
}

/** A moment in the reader's own time zone, ms since 1970. */
export const moment = (time: number): string =>
  new Date(time).toLocaleString(say.locale, { dateStyle: 'medium', timeStyle: 'short' });

/** `1 token`, `2 tokens`, `1,024 tokens`. */
export const count = (n: number, noun: keyof typeof say.nouns): string =>
  say.counted(number(n, 0), say.nouns[noun][plurals().select(n) === 'one' ? 'one' : 'other']);

/** The plural rules of the page's language, made once for each. */
function plurals(): Intl.PluralRules {
  if (rules?.locale !== say.locale) rules = { locale: say.locale, of: new Intl.PluralRules(say.locale) };
  return rules.of;
}

let rules: { locale: string; of: Intl.PluralRules } | undefined;

/** Parts of a sentence, one after the other. */
export const commas = (...parts: readonly string[]): string => parts.join(words.frame.marks.comma);

/** What something is, after what it is of: `Layer: 3`. */
export const labelled = (label: string, value: string): string => `${label}${words.frame.marks.colon}${value}`;

/** `1,234 tokens/s`. */
export const tokensPerSecond = (rate: number): string => say.tokensPerSecond(number(Math.round(rate), 0));

/** `52.3 tokens/s`: how fast is written, where a tenth is seen. */
export const writingSpeed = (rate: number): string => say.tokensPerSecond(rate.toFixed(1));

/** `4.3M`, `124M`, `980k`: how big a model is. */
export function parameters(n: number): string {
  if (n >= 1e9) return `${number(n / 1e9, 1)}B`;
  if (n >= 99.5e6) return `${number(n / 1e6, 0)}M`;
  if (n >= 1e6) return `${number(n / 1e6, 1)}M`;
  return `${number(n / 1e3, 0)}k`;
}

/** How much of something is there, in words: `12.3 of 24.5 MB, 8.1 MB/s`. */
export function transferred(loaded: number, total?: number, rate?: number): string {
  const amount = total ? say.amountOf(megabytes(loaded).replace(`${NBSP}MB`, ''), megabytes(total)) : megabytes(loaded);
  return rate && Number.isFinite(rate) ? commas(amount, say.perSecond(megabytes(rate))) : amount;
}

/** Bytes of a part of a character, as the core and vocabularies of SentencePiece write them: `<0xE6><0x9D>`. */
const BYTES = /(?:<0x[0-9A-F]{2}>)+/gu;

/** Whether a token has part of a character, which is no text by itself. */
export const cutsCharacter = (token: string): boolean => token.search(BYTES) >= 0;

/** The bytes in `<0xE6><0x9D>`: `E6 9D`. */
const digitsOf = (bytes: string): string => bytes.slice(3, -1).replaceAll('><0x', ' ');

/** A text with the bytes of parts of characters as they are shown, `⟨E6 9D⟩`; where they are not known any more, `⟨…⟩`. */
export const bytesShown = (text: string): string =>
  text
    .replace(BYTES, (bytes) => `⟨${digitsOf(bytes).replaceAll(' ', NBSP)}⟩`)
    .replace(/\ufffd+/gu, (unknown) => (unknown === text ? unknown : '⟨…⟩'));

/** What cannot be seen made visible, so that it can be read: a space, a line break, bytes of a part of a character. */
export function visibleSpaces(token: string): string {
  return bytesShown(token).replace(/ /g, '␣').replace(/\n/g, '↵').replace(/\t/g, '⇥');
}

/** A token in words for a screen reader, where a bare symbol would be silent. */
export function spokenToken(token: string): string {
  if (token === '\n') return say.lineBreak;
  if (token === '\n\n') return say.blankLine;
  if (token === '') return say.nothingVisible;
  if (token.trim() === '') return say.space;
  return token.trim().replace(BYTES, (bytes) => say.bytes(digitsOf(bytes)));
}
