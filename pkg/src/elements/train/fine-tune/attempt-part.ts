/** "Try it": a text of the reader's own, answered by the model as it is now while it is being typed. */
import { html, nothing, type TemplateResult } from 'lit';
import type { TuneInput } from '../../../training/core-types.js';
import type { TunePrediction } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { percent } from '../../format.js';
import { problemText } from '../../controllers/problem.js';
import { barTable, problemBelow } from '../../widgets/parts.js';
import { partsOf, type Format } from './draft.js';
import type { TuneSession } from './session.js';

const say = trainWords.fineTune.attempt;

/** Between typing and asking, ms. */
const PAUSE = 120;

/** What is asked for a text as it is typed; undefined while a part is missing. */
export function inputFor(format: Format, text: string): TuneInput | undefined {
  if (text.trim() === '') return undefined;
  if (format === 'sentence' || format === 'tagging') return { text: text.trim() };
  const [first, second] = partsOf(text);
  if (!first || !second) return undefined;
  return format === 'pair' ? { text: first, pair: second } : { question: first, context: second };
}

/** A long text on a button. */
const fit = (text: string): string => (text.length > 60 ? `${text.slice(0, 58).trimEnd()} …` : text);

/** The box and its answer. */
export class AttemptPart {
  #answer: { readonly format: Format; readonly of: string; readonly prediction: TunePrediction } | undefined;
  #problem: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the questions: only the last one's answer is shown. */
  #asked = 0;

  constructor(private readonly update: () => void) {}

  /** Asks, once typing has paused. */
  ask(session: TuneSession | undefined, format: Format, text: string, pause = PAUSE): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(session, format, text), pause);
  }

  /** What it said belongs to another model. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#answer = undefined;
    this.#problem = undefined;
  }

  async #ask(session: TuneSession | undefined, format: Format, text: string): Promise<void> {
    const asked = (this.#asked += 1);
    const input = inputFor(format, text);
    this.#problem = undefined;
    if (!session?.asks || !input) {
      this.#answer = undefined;
      return this.update();
    }
    try {
      const prediction = await session.predict(input);
      if (asked === this.#asked) this.#answer = { format, of: text, prediction };
    } catch (error) {
      if (asked === this.#asked) this.#problem = problemText(error);
    }
    this.update();
  }

  render(
    format: Format,
    text: string,
    tries: readonly string[],
    busy: boolean,
    change: (text: string) => void,
  ): TemplateResult {
    const words = say[format];
    const missing = (format === 'pair' || format === 'span') && text.trim() !== '' && !inputFor(format, text);
    return html`<section class="attempt" aria-labelledby="attempt-title">
      <h4 id="attempt-title">${say.heading}</h4>
      <div class="field">
        <label for="attempt">${words.label}</label>
        <textarea
          id="attempt"
          dir="auto"
          rows=${format === 'span' ? 4 : 2}
          placeholder=${words.placeholder}
          .value=${text}
          aria-describedby="attempt-problem"
          @input=${(event: Event) => change((event.target as HTMLTextAreaElement).value)}
        ></textarea>
        ${
          tries.length > 0
            ? html`<div class="row" role="group" aria-label=${words.label}>
                ${tries.map(
                  (one) =>
                    html`<button type="button" class="chip" @click=${() => change(one)}>
                      <bdi>${fit(one)}</bdi>
                    </button>`,
                )}
              </div>`
            : nothing
        }
        ${missing ? html`<p class="small muted">${say.parts[format]}</p>` : nothing}
        ${problemBelow('attempt', this.#problem)}
      </div>
      <div id="answer" aria-live=${busy ? 'off' : 'polite'}>${this.#renderAnswer(format)}</div>
    </section>`;
  }

  #renderAnswer(format: Format): TemplateResult | typeof nothing {
    if (!this.#answer || this.#answer.format !== format) return nothing;
    const { prediction } = this.#answer;
    if (Array.isArray(prediction)) return renderTags(prediction);
    if ('answers' in prediction) return renderSpan(prediction);
    return barTable({ caption: say.classes, of: say.class, rows: prediction.labels });
  }
}

type Tags = Extract<TunePrediction, readonly unknown[]>;
type Spans = Extract<TunePrediction, { answers: unknown }>;

function renderSpan({ answers: [best], null_score }: Spans): TemplateResult {
  return !best || best.answer.trim() === '' || best.score < null_score
    ? html`<p class="verdict">${say.noAnswer}</p>`
    : html`<p class="verdict"><bdi>${best.answer}</bdi> <span class="small muted">${percent(best.score)}</span></p>`;
}

const renderTags = (tags: Tags): TemplateResult =>
  html`<ol class="tokens" aria-label=${say.tag}>
    ${tags.map(
      ({ word, entity, score }) =>
        html`<li>
          <bdi>${word}</bdi><small><bdi>${entity}</bdi> ${percent(score)}</small>
        </li>`,
    )}
  </ol>`;
