/** ELMo's layers at a task: how they are mixed, and the vectors of one word in several contexts. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { WordInContexts } from '../../../training/core-types.js';
import { trainWords } from '../../../words/train.js';
import { decimal, number } from '../../format.js';
import { full, ink, line, type Drawing, type Shape } from '../../inside/drawing/drawing.js';
import { problemText } from '../../controllers/problem.js';
import { barTable, problemBelow } from '../../widgets/parts.js';
import { renderFigure } from '../plot/figure.js';
import { labelsOf } from '../plot/labels.js';
import { linesOf } from './draft.js';
import type { Teachable, TuneSession } from './session.js';

const say = trainWords.fineTune.elmo;

/** The weights s as they are now, and the word that is looked at. */
export class MixPart {
  #mix: { readonly s: readonly number[]; readonly gamma: number } | undefined;
  #word = say.wordStart;
  #texts = say.textsStart.join('\n');
  #found: { readonly word: string; readonly contexts: WordInContexts } | undefined;
  #problem: string | undefined;

  constructor(private readonly host: LitElement) {}

  /** Asks how the layers are mixed now. */
  async look({ main: { tune } }: TuneSession): Promise<void> {
    if (!tune?.mix) return;
    this.#mix = await tune.mix().catch(() => this.#mix);
    if (this.#found) await this.#ask(tune);
    this.host.requestUpdate();
  }

  async #ask(tune: Teachable): Promise<void> {
    this.#problem = undefined;
    const word = this.#word.trim();
    const texts = linesOf(this.#texts).map((one) => one.line);
    try {
      this.#found = { word, contexts: await tune.vectors!(texts, word) };
    } catch (error) {
      this.#found = undefined;
      this.#problem = problemText(error);
    }
    this.host.requestUpdate();
  }

  render(tune: Teachable, session: TuneSession, width: number): TemplateResult {
    const mix = this.#mix;
    return html`<section aria-labelledby="mix-title">
      <h4 id="mix-title">${say.heading}</h4>
      <p>${say.about}</p>
      ${
        mix
          ? html`<div class="short-table">
              ${barTable({
                caption: say.gamma(decimal(mix.gamma, 2)),
                of: say.layer,
                rows: mix.s.map((score, layer) => ({ label: say.layers(layer), score })),
                measure: say.weight,
              })}
            </div>`
          : nothing
      }
      <h4>${say.contexts}</h4>
      <p>${say.contextsAbout}</p>
      <div class="boxes">
        <div class="field">
          <label for="word">${say.word}</label>
          <input
            type="text"
            id="word"
            dir="auto"
            .value=${this.#word}
            aria-describedby="word-problem"
            @input=${(event: Event) => (this.#word = (event.target as HTMLInputElement).value)}
          />
          ${problemBelow('word', this.#problem)}
        </div>
        <div class="field">
          <label for="texts">${say.texts}</label>
          <textarea
            id="texts"
            dir="auto"
            rows="3"
            .value=${this.#texts}
            @input=${(event: Event) => (this.#texts = (event.target as HTMLTextAreaElement).value)}
          ></textarea>
        </div>
      </div>
      <div class="row">
        <button
          type="button"
          id="show-vectors"
          ?disabled=${session.state === 'opening'}
          @click=${() => void this.#ask(tune)}
        >
          ${say.show}
        </button>
      </div>
      ${this.#found ? this.#renderFound(this.#found, width) : nothing}
    </section>`;
  }

  #renderFound({ word, contexts }: { word: string; contexts: WordInContexts }, width: number): TemplateResult {
    const names = contexts.occurrences.map(({ text }) => say.occurrence(number(text + 1), word));
    const count = names.length;
    const pairs = names.flatMap((a, at) =>
      names.slice(at + 1).map((b, on) => [a, b, contexts.similarities[at * count + at + 1 + on]!] as const),
    );
    const rows = names.map((name, at) => [name, contexts.points[2 * at]!, contexts.points[2 * at + 1]!]);
    const drawing = plane(names, contexts.points, say.picture(word), Math.min(width, 520));
    const figure = {
      name: 'word-in-contexts',
      drawing,
      caption: drawing.title,
      table: { columns: ['', 'x', 'y'], rows },
    };
    return html`${renderFigure(figure, this.host, () => undefined)}
      <ul aria-label=${say.pairs} class="pairs">
        ${pairs.map(([a, b, cosine]) => html`<li>${say.similarity(a, b, decimal(cosine, 2))}</li>`)}
      </ul>`;
  }
}

/** Points with their names. */
export function plane(names: readonly string[], points: Float32Array, title: string, width = 520): Drawing {
  const [height, margin] = [260, 40];
  const most = Math.max(1e-6, ...points.map(Math.abs));
  const x = (value: number): number => margin + ((value / most + 1) / 2) * (width - 2 * margin);
  const y = (value: number): number => height / 2 - (value / most) * (height / 2 - margin);
  const axes: Shape[] = [
    {
      kind: 'path',
      d: `M${margin / 2},${y(0)}H${width - margin / 2}M${x(0)},${margin / 2}V${height - margin / 2}`,
      stroke: line,
    },
  ];
  const placed = names.map((name, at) => ({ name, x: x(points[2 * at]!), y: y(points[2 * at + 1]!) }));
  const labels = labelsOf(
    placed.map((one) => ({ ...one, radius: 5, size: 13, always: true })),
    width,
    height,
  );
  const shapes = placed.flatMap(({ name, x: left, y: top }, at): Shape[] => [
    { kind: 'path', d: `M${left - 5},${top}a5,5 0 1,0 10,0a5,5 0 1,0 -10,0`, fill: full('bert') },
    { kind: 'text', ...labels[at]!, text: name, fill: ink, size: 13 },
  ]);
  return { width, height, title, shapes: [...axes, ...shapes] };
}
