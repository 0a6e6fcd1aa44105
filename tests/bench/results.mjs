/** What was measured, as JSON and as a table. */

/** @typedef {{ median: number, min: number, max: number, n: number }} Summary */
/** @typedef {Record<string, Record<string, Summary>>} Summaries metric, system */

/** @param {number} x */
const round = (x) => Number(x.toPrecision(4));

/** Values of each metric and system, from all rounds. */
export class Results {
  /** @type {Map<string, Map<string, number[]>>} */
  #values = new Map();

  /** @param {string} metric @param {string} system @param {number[]} values */
  add(metric, system, ...values) {
    const systems = this.#values.get(metric) ?? new Map();
    this.#values.set(metric, systems);
    systems.set(system, [...(systems.get(system) ?? []), ...values]);
    console.error(`  ${metric.padEnd(26)} ${values.map(round).join(' ')}`);
  }

  /** @returns {Summaries} */
  summaries() {
    return Object.fromEntries(
      [...this.#values].map(([metric, systems]) => [
        metric,
        Object.fromEntries([...systems].map(([system, values]) => [system, summary(values)])),
      ]),
    );
  }
}

/** @param {number[]} values @returns {Summary} */
function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [at, n] = [(/** @type {number} */ i) => round(sorted[i] ?? Number.NaN), sorted.length];
  const median = n % 2 === 1 ? at(n >> 1) : round((at(n / 2 - 1) + at(n / 2)) / 2);
  return { median, min: at(0), max: at(n - 1), n };
}

/** @param {string} metric */
const higherIsBetter = (metric) => /_s$/.test(metric) && !/_ms$/.test(metric);

/** Which peers each of our systems is held against. @type {[ours: string, peers: RegExp][]} */
const PAIRS = [
  ['cloze', /^(transformers\.js|wllama)-(?!.*-1t$)/],
  ['cloze-1t', /^(transformers\.js|wllama)-.*-1t$/],
  ['cloze-q4', /^wllama-(compat-)?q4_0$/],
  ['cloze-q4-1t', /^wllama-(compat-)?q4_0-1t$/],
  // Training.
  ['cloze', /^(jax-js|nanogpt)$/],
];

/** Median, least and greatest of all; then ours as a multiple of the best peer. @param {Summaries} summaries */
export function table(summaries) {
  const lines = [];
  for (const [metric, systems] of Object.entries(summaries)) {
    lines.push('', `${metric} (${higherIsBetter(metric) ? 'higher' : 'lower'} is better)`);
    for (const [system, { median, min, max, n }] of Object.entries(systems)) {
      lines.push(
        `  ${system.padEnd(26)} ${String(median).padStart(10)}  ${n > 1 ? `${min} to ${max}, n = ${n}` : ''}`.trimEnd(),
      );
    }
    for (const [name, pattern] of PAIRS) {
      const ours = systems[name];
      const [best] = Object.entries(systems)
        .filter(([system]) => pattern.test(system))
        .sort(([, a], [, b]) => (higherIsBetter(metric) ? b.median - a.median : a.median - b.median));
      if (ours && best) lines.push(`  ${name} / ${best[0]} = ${(ours.median / best[1].median).toFixed(2)}`);
    }
  }
  return lines.join('\n');
}
