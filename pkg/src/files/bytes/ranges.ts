/** Which bytes of a file are there. */

/** From the first byte to the one behind the last. */
export type Span = [start: number, end: number];

/** A set of bytes, as spans in order that neither overlap nor touch. */
export class Ranges {
  readonly #spans: Span[] = [];

  constructor(spans: readonly Span[] = []) {
    for (const [start, end] of spans) this.add(start, end);
  }

  /** The spans, in order. */
  get spans(): Span[] {
    return this.#spans.map(([start, end]) => [start, end]);
  }

  /** How many bytes there are. */
  get bytes(): number {
    return this.#spans.reduce((sum, [start, end]) => sum + end - start, 0);
  }

  /** Adds bytes. */
  add(start: number, end: number): void {
    if (end <= start) return;
    const from = this.#spans.findIndex((span) => span[1] >= start);
    if (from < 0) {
      this.#spans.push([start, end]);
      return;
    }
    let to = from;
    while (to < this.#spans.length && this.#spans[to]![0] <= end) to++;
    const merged = this.#spans.slice(from, to);
    this.#spans.splice(from, to - from, [
      Math.min(start, merged[0]?.[0] ?? start),
      Math.max(end, merged.at(-1)?.[1] ?? end),
    ]);
  }

  /** Where what is there from `at` on ends; `at` itself if that byte is missing. */
  endFrom(at: number): number {
    return this.#spans.find(([start, end]) => start <= at && at < end)?.[1] ?? at;
  }

  /** The spans that are missing of a file of this length, none longer than `most`. */
  missing(length: number, most = length): Span[] {
    const gaps: Span[] = [];
    let at = 0;
    for (const [start, end] of [...this.#spans, [length, length] as Span]) {
      for (; at < Math.min(start, length); at = gaps.at(-1)![1]) gaps.push([at, Math.min(at + most, start, length)]);
      at = Math.max(at, end);
    }
    return gaps;
  }
}

/** Spans from a file that may hold anything; none at all if one of them is not right. */
export function spansOf(value: unknown): Span[] {
  const right = (one: unknown): one is Span =>
    Array.isArray(one) &&
    one.length === 2 &&
    one.every((at) => Number.isSafeInteger(at) && at >= 0) &&
    one[0] <= one[1];
  return Array.isArray(value) && value.every(right) ? value : [];
}
