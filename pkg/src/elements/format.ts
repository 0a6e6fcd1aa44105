/** Numbers as the screens show them: absolute, with their unit. */

/** Keeps a figure and its unit on one line. */
const NBSP = '\u00a0';

const number = (value: number, digits: number): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });

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
  if (seconds < 55) return `${number(seconds < 10 ? Math.ceil(seconds) : Math.ceil(seconds / 5) * 5, 0)}${NBSP}s left`;
  return seconds < 5400
    ? `${number(Math.round(seconds / 60), 0)}${NBSP}min left`
    : `${number(seconds / 3600, 1)}${NBSP}h left`;
}

/** A moment in the reader's own time zone, ms since 1970. */
export const moment = (time: number): string =>
  new Date(time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** `1 token`, `2 tokens`, `1,024 tokens`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${number(n, 0)} ${n === 1 ? one : many}`;

/** `4.3M`, `124M`, `980k`: how big a model is. */
export function parameters(n: number): string {
  if (n >= 1e9) return `${number(n / 1e9, 1)}B`;
  if (n >= 99.5e6) return `${number(n / 1e6, 0)}M`;
  if (n >= 1e6) return `${number(n / 1e6, 1)}M`;
  return `${number(n / 1e3, 0)}k`;
}

/** How much of something is there, in words: `12.3 of 24.5 MB, 8.1 MB/s`. */
export function transferred(loaded: number, total?: number, rate?: number): string {
  const amount = total ? `${megabytes(loaded).replace(`${NBSP}MB`, '')} of ${megabytes(total)}` : megabytes(loaded);
  return rate && Number.isFinite(rate) ? `${amount}, ${megabytes(rate)}/s` : amount;
}

/** Whitespace made visible, so that a token that is a space or a line break can be read. */
export function visibleSpaces(token: string): string {
  return token.replace(/ /g, '␣').replace(/\n/g, '↵').replace(/\t/g, '⇥');
}

/** A token in words for a screen reader, where a bare symbol would be silent. */
export function spokenToken(token: string): string {
  if (token === '\n') return 'line break';
  if (token === '\n\n') return 'blank line';
  if (token === '') return 'nothing visible';
  if (token.trim() === '') return 'space';
  return token.trim();
}
