/** ELMo: one word in two sentences gets two vectors, drawn layer by layer. */
import { html, nothing, type TemplateResult } from 'lit';
import { live as liveValue } from 'lit/directives/live.js';
import type { WordVectors } from '../../../training/core-types.js';
import type { Run } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { problemText } from '../../controllers/problem.js';
import { number } from '../../format.js';
import { select } from '../../inside/attention/controls.js';
import { full, ink, line, muted, type Drawing, type Shape } from '../../inside/drawing/drawing.js';
import { readable } from '../../inside/tokens.js';
import { problemBelow } from '../../widgets/parts.js';
import { renderFigure } from '../plot/figure.js';
import type { LiveRun } from '../runs.js';
import { Asking, Fold, type Desk, type Part } from './desk.js';
import { labelsOf } from '../plot/labels.js';
import { cosine, plane, type PlanePoint } from './plane.js';

const say = trainWords.run.contexts;

/** Between two looks while a run learns, ms. */
const PAUSE = 2000;

/** The vectors of a layer, one a token. */
export function layerOf({ tokens, hidden_size, layers }: WordVectors, layer: number): Float32Array[] {
  // Forward beside backward.
  const width = 2 * hidden_size;
  const from = layer * tokens.length * width;
  return tokens.map((_, at) => layers.subarray(from + at * width, from + (at + 1) * width));
}

/** How many layers there are, with the embeddings. */
export const layersOf = ({ tokens, hidden_size, layers }: WordVectors): number =>
  tokens.length === 0 ? 0 : layers.length / (tokens.length * 2 * hidden_size);

/** What was computed. */
interface Both {
  readonly step: number;
  readonly first: WordVectors;
  readonly second: WordVectors;
}

/** A token in the picture. */
interface Placed {
  readonly name: string;
  readonly sentence: 1 | 2;
  readonly at: PlanePoint;
  readonly chosen: boolean;
}

/** The two contexts. */
export class ContextsPart implements Part {
  a = '';
  b = '';
  word = '';
  #layer = 2;
  #both: Both | undefined;
  #of = '';
  #asked = 0;
  /** What was refused, and why: it is not asked for again. */
  #refused = { of: '', why: '' };
  readonly #asking = new Asking();

  readonly #fold: Fold;

  constructor(private readonly desk: Desk) {
    this.#fold = new Fold(desk.host);
  }

  render({ run }: LiveRun): TemplateResult | typeof nothing {
    if (run.info.settings.architecture !== 'elmo') return nothing;
    if (this.#fold.open) this.#follow(run);
    return this.#fold.render(say.title, say.about, () => this.#renderOpen());
  }

  #renderOpen(): TemplateResult {
    const field = (key: 'a' | 'b' | 'word'): TemplateResult =>
      html`<div class="field grow">
        <label for="context-${key}">${say[key]}</label>
        <input
          type="text"
          id="context-${key}"
          dir="auto"
          .value=${liveValue(this[key])}
          aria-describedby="context-word-problem"
          @change=${(event: Event) => {
            this[key] = (event.target as HTMLInputElement).value;
            this.desk.host.requestUpdate();
          }}
        />
      </div>`;
    const problem = this.#refused.of === this.#of && this.#refused.why ? this.#refused.why : this.#missing();
    return html`<div class="controls">${field('a')} ${field('b')} ${field('word')}</div>
      ${problemBelow('context-word', problem)}
      ${this.#both && problem === undefined ? this.#renderBoth(this.#both) : nothing}`;
  }

  /** Where the word stands in each sentence. */
  #places({ first, second }: Both): readonly [number, number] {
    const word = this.word.trim().toLowerCase();
    const place = ({ tokens }: WordVectors): number =>
      tokens.findIndex((token) => readable(token).replace(/^␣/u, '').toLowerCase() === word);
    return [place(first), place(second)];
  }

  #missing(): string | undefined {
    if (!this.#both) return undefined;
    const [a, b] = this.#places(this.#both);
    if (a < 0) return say.missing(this.word, this.a);
    return b < 0 ? say.missing(this.word, this.b) : undefined;
  }

  #renderBoth(both: Both): TemplateResult {
    const { first, second, step } = both;
    const [a, b] = this.#places(both);
    const count = layersOf(first);
    const layer = Math.min(this.#layer, count - 1);
    const vectors = [layerOf(first, layer), layerOf(second, layer)] as const;
    const points = plane([...vectors[0], ...vectors[1]]);
    const placed = points.map((at, index): Placed => {
      const inFirst = index < vectors[0].length;
      const own = inFirst ? index : index - vectors[0].length;
      const name = readable((inFirst ? first : second).tokens[own]!);
      return { name, sentence: inFirst ? 1 : 2, at, chosen: own === (inFirst ? a : b) };
    });
    const alike = (of: number): string => number(cosine(layerOf(first, of)[a]!, layerOf(second, of)[b]!), 3);
    const name = (of: number): string => say.layers[of] ?? `${say.layer} ${of}`;
    const title = say.drawing(this.word, name(layer), alike(layer));
    return html`<div class="controls">
        ${select({
          id: 'context-layer',
          label: say.layer,
          value: String(layer),
          options: Array.from({ length: count }, (_, of) => ({ id: String(of), name: name(of) })),
          choose: (value) => {
            this.#layer = Number(value);
            this.desk.host.requestUpdate();
          },
        })}
      </div>
      ${renderFigure(
        {
          name: `contexts-step-${step}`,
          drawing: pointsDrawing(placed, { width: Math.min(this.desk.width, 560), title, word: this.word }),
          caption: say.table,
          table: {
            columns: say.columns,
            rows: placed.map(({ name: token, sentence, at }) => [token, sentence, ...at]),
          },
        },
        this.desk.host,
        (said) => this.desk.frame.announce(said),
      )}
      <table class="narrow">
        <caption>
          ${say.similarity}
        </caption>
        <tbody>
          ${Array.from(
            { length: count },
            (_, of) =>
              html`<tr>
                <th scope="row">${name(of)}</th>
                <td class="number">${alike(of)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="small muted">${say.same}</p>`;
  }

  #follow(run: Run): void {
    const { a, b } = this;
    const of = JSON.stringify([run.id, a, b]);
    const step = run.steps_done;
    if (of === this.#refused.of || (of === this.#of && this.#both?.step === step)) return;
    if (of === this.#of && performance.now() - this.#asked < (run.state === 'running' ? PAUSE : 100)) return;
    this.#of = of;
    this.#asked = performance.now();
    this.#asking.ask(async () => {
      try {
        this.#both = { step, first: await run.word_vectors(a), second: await run.word_vectors(b) };
      } catch (error) {
        this.#both = undefined;
        if (run.state !== 'closed') this.#refused = { of, why: problemText(error) };
      }
      this.desk.host.requestUpdate();
    });
  }
}

/** The tokens as points: those of the word large and named in full, the others faint. */
function pointsDrawing(
  placed: readonly Placed[],
  { width, title, word }: { width: number; title: string; word: string },
): Drawing {
  const height = Math.round(width * 0.7);
  const [left, right] = [60, width - 90];
  const range = (axis: 0 | 1): [number, number] => {
    const values = placed.map(({ at }) => at[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const scale =
    ([from, to]: [number, number], low: number, high: number) =>
    (value: number) =>
      to === from ? (low + high) / 2 : low + ((value - from) / (to - from)) * (high - low);
  const x = scale(range(0), left, right);
  const y = scale(range(1), height - 24, 24);
  const shapes: Shape[] = [
    { kind: 'rect', x: 0.5, y: 0.5, width: width - 1, height: height - 1, fill: 'none', stroke: line, radius: 4 },
  ];
  const disc = (cx: number, cy: number, radius: number): string =>
    `M${cx - radius},${cy}a${radius},${radius} 0 1,0 ${2 * radius},0a${radius},${radius} 0 1,0 ${-2 * radius},0`;
  const chosen = placed.filter((one) => one.chosen);
  if (chosen.length === 2) {
    const [from, to] = chosen.map(({ at }) => `${x(at[0])},${y(at[1])}`);
    shapes.push({ kind: 'path', d: `M${from}L${to}`, stroke: muted, width: 1, dash: [3, 3] });
  }
  const names = placed.map(({ name, chosen: isChosen, sentence }) =>
    isChosen ? (sentence === 1 ? say.inA(word) : say.inB(word)).replaceAll(/[\u2068\u2069]/gu, '') : name,
  );
  const labels = labelsOf(
    placed.map(({ at, chosen: always }, index) => ({
      ...{ x: x(at[0]), y: y(at[1]), radius: always ? 6 : 3 },
      ...{ name: names[index]!, size: always ? 13 : 11, always },
    })),
    width,
    height,
  );
  // What is pointed out lies over the others.
  const order = [...placed.keys()].sort((a, b) => Number(placed[a]!.chosen) - Number(placed[b]!.chosen));
  for (const index of order) {
    const { at, sentence, chosen: isChosen } = placed[index]!;
    shapes.push({
      kind: 'path',
      d: disc(x(at[0]), y(at[1]), isChosen ? 6 : 3),
      // Full for the first sentence, hollow for the second.
      fill: sentence === 1 ? full('bert') : 'none',
      stroke: full('bert'),
      width: 2,
      opacity: isChosen ? 1 : 0.5,
    });
    const label = labels[index];
    if (!label) continue;
    const look = isChosen ? { fill: ink, size: 13, bold: true } : { fill: muted, size: 11 };
    shapes.push({ kind: 'text', ...label, text: names[index]!, ...look });
  }
  return { width, height, title, shapes };
}
