/** The figure of scaling.mjs: four panels on logarithmic axes, as SVG. */

/**
 * @typedef {object} Measured
 * @property {number} load_ms
 * @property {Record<number, number>} [first_token_ms] by tokens of the prompt
 * @property {number} [decode_tok_s]
 * @property {Record<number, number>} [fill_mask_ms] by tokens of the text
 * @property {Record<number, number>} [next_sentence_ms] by candidates
 * @property {number} [pseudo_perplexity_ms]
 * @property {number} parameters
 * @property {number} weight_bytes
 * @property {number} peak_memory_mib
 */

/** @typedef {{ label: string, colour: string, dashed: boolean, points: [x: number, y: number][] }} Line */

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [400, 260, 52, 40, 34];
/** From a palette that colour-blind people can tell apart (Okabe & Ito). */
const [BLUE, ORANGE] = ['#0072b2', '#d55e00'];

const escape = (/** @type {string} */ text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const number = (/** @type {number} */ x) =>
  x >= 1000 ? `${Number((x / 1000).toPrecision(3))}k` : String(Number(x.toPrecision(3)));

/** 1, 2 and 5 times powers of ten between two numbers. @param {number} from @param {number} to */
function ticks(from, to) {
  const all = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++)
    all.push(...[1, 2, 5].map((digit) => digit * 10 ** power));
  const within = all.filter((tick) => tick >= from * 0.999 && tick <= to * 1.001);
  return within.length > 6 ? within.filter((tick) => /^[^25]*$/.test(tick.toExponential().slice(0, 1))) : within;
}

/**
 * One panel; lines that begin high have their names on the right.
 * @param {string} title @param {string} xName @param {number[]} xTicks @param {Line[]} lines @param {number} [names] where these begin
 */
function panel(title, xName, xTicks, lines, names = LEFT + 12) {
  const ys = lines.flatMap(({ points }) => points.map(([, y]) => y));
  const [x0, x1] = [Math.min(...xTicks), Math.max(...xTicks)];
  const [y0, y1] = [Math.min(...ys) / 1.3, Math.max(...ys) * 1.3];
  const place = (/** @type {number} */ value, /** @type {number} */ from, /** @type {number} */ to) =>
    Math.log(value / from) / Math.log(to / from);
  const x = (/** @type {number} */ value) => LEFT + 8 + place(value, x0, x1) * (WIDTH - LEFT - 24);
  const y = (/** @type {number} */ value) => HEIGHT - BOTTOM - place(value, y0, y1) * (HEIGHT - BOTTOM - TOP);
  const parts = [`<text x="${LEFT}" y="18" font-weight="600">${escape(title)}</text>`];
  for (const tick of ticks(y0, y1)) {
    parts.push(
      `<line x1="${LEFT}" x2="${WIDTH - 8}" y1="${y(tick)}" y2="${y(tick)}" stroke="currentColor" stroke-opacity=".15"/>`,
    );
    parts.push(`<text x="${LEFT - 6}" y="${y(tick) + 4}" text-anchor="end">${number(tick)}</text>`);
  }
  for (const tick of xTicks)
    parts.push(`<text x="${x(tick)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${number(tick)}</text>`);
  parts.push(
    `<text x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 6}" text-anchor="middle" fill-opacity=".7">${escape(xName)}</text>`,
  );
  lines.forEach(({ label, colour, dashed, points }, index) => {
    const dash = dashed ? ' stroke-dasharray="5 4"' : '';
    parts.push(
      `<polyline fill="none" stroke="${colour}" stroke-width="2"${dash} points="${points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(' ')}"/>`,
    );
    for (const [a, b] of points)
      parts.push(`<circle cx="${x(a).toFixed(1)}" cy="${y(b).toFixed(1)}" r="3" fill="${colour}"/>`);
    const at = TOP + 6 + 16 * index;
    parts.push(
      `<line x1="${names}" x2="${names + 24}" y1="${at}" y2="${at}" stroke="${colour}" stroke-width="2"${dash}/>`,
    );
    parts.push(`<text x="${names + 30}" y="${at + 4}">${escape(label)}</text>`);
  });
  return parts.join('\n');
}

/** @param {Record<number, number> | undefined} values @returns {[number, number][]} */
const points = (values) => Object.entries(values ?? {}).map(([x, y]) => [Number(x), y]);

/**
 * @param {Record<string, Record<number, Measured>>} models by name and threads
 * @param {Record<number, number>} memory MiB by tokens of a prompt
 */
export function figure(models, memory) {
  const threads = [...new Set(Object.values(models).flatMap((one) => Object.keys(one).map(Number)))];
  /** @param {string[]} names @param {(measured: Measured) => [number, number][]} read @returns {Line[]} */
  const lines = (names, read) =>
    names.flatMap((name, index) =>
      threads.map((count) => ({
        label: `${name}, ${count} thread${count > 1 ? 's' : ''}`,
        colour: index === 0 ? BLUE : ORANGE,
        dashed: count === 1,
        points: read(/** @type {Measured} */ (models[name]?.[count])),
      })),
    );
  const gpts = ['our GPT', 'GPT-2 small', 'GPT-2 medium'];
  const size = (/** @type {string} */ name) => (models[name]?.[threads[0] ?? 1]?.parameters ?? 0) / 1e6;
  const bySize = threads.map((count) => ({
    label: `tokens a second, ${count} thread${count > 1 ? 's' : ''}`,
    colour: BLUE,
    dashed: count === 1,
    points: gpts.map(
      (name) => /** @type {[number, number]} */ ([size(name), models[name]?.[count]?.decode_tok_s ?? Number.NaN]),
    ),
  }));
  const peak = (/** @type {string} */ name) => models[name]?.[threads[0] ?? 1]?.peak_memory_mib ?? Number.NaN;
  const panels = [
    panel(
      'Time by length, ms',
      'tokens of the prompt to its first token, of the text with a mask',
      [16, 64, 256, 1023],
      [
        ...lines(['GPT-2 small'], ({ first_token_ms }) => points(first_token_ms)),
        ...lines(['BERT-base'], ({ fill_mask_ms }) => points(fill_mask_ms)).map((line) => ({
          ...line,
          colour: ORANGE,
        })),
      ],
    ),
    panel(
      'Next sentence, ms a candidate',
      'candidates in one batch, pairs of 32 tokens',
      [1, 2, 4, 8, 16, 32],
      lines(['BERT-base'], ({ next_sentence_ms }) => points(next_sentence_ms).map(([x, y]) => [x, y / x])),
    ),
    panel(
      'Writing, by size of the model (8 bits)',
      'million parameters',
      gpts.map((name) => Number(size(name).toPrecision(3))),
      bySize,
      200,
    ),
    panel(
      'Memory of the renderer at its peak, MiB',
      'million parameters; tokens of GPT-2 small’s prompt',
      [14, 64, 256, 1023],
      [
        {
          label: 'by size of the model',
          colour: BLUE,
          dashed: false,
          points: gpts.map((name) => [size(name), peak(name)]),
        },
        { label: 'GPT-2 small, by prompt', colour: ORANGE, dashed: false, points: points(memory) },
      ],
    ),
  ];
  const placed = panels.map(
    (content, index) =>
      `<g transform="translate(${(index % 2) * WIDTH} ${Math.floor(index / 2) * HEIGHT})">${content}</g>`,
  );
  // Ink by the reader's scheme: an image in a page knows no other.
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * WIDTH} ${2 * HEIGHT}" font-family="system-ui, sans-serif" font-size="11" fill="currentColor" role="img" aria-label="Time and memory by length, candidates, threads and model size">
<style>svg { color: #222 } @media (prefers-color-scheme: dark) { svg { color: #ddd } }</style>
${placed.join('\n')}
</svg>
`;
}
