/** XLNet fills two masks one after the other, in both orders; beside it a BERT, whose guesses know nothing of each other. */
import { html, nothing, type TemplateResult } from 'lit';
import { live as liveValue } from 'lit/directives/live.js';
import { pipeline } from '../../../index.js';
import type { Probe, TokenGuess } from '../../../training/core-types.js';
import type { Run } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { number, percent } from '../../format.js';
import { select } from '../../inside/attention/controls.js';
import { readable } from '../../inside/tokens.js';
import { problemBelow } from '../../widgets/parts.js';
import type { LiveRun } from '../runs.js';
import { Asking, Fold, type Desk, type Part } from './desk.js';

const say = trainWords.run.dependence;

/** Between two looks while a run learns, ms. */
const PAUSE = 2000;

/** So many orders are drawn at most to find both: eight of one kind come in one case of 128. */
const DRAWS = 8;

/** Guesses so many. */
const TOP = 3;

/** What stands in a column: the guesses of each mask, and what each knew. */
interface Column {
  readonly head: string;
  readonly masks: readonly { readonly candidates: readonly TokenGuess[]; readonly knows: string | undefined }[];
}

/** A probe of two masks as a column: what was filled first is known to what came second. */
export function columnOf({ masks }: Probe): Column {
  const first = masks.findIndex(({ turn }) => turn === 0);
  const known = masks[first]?.candidates[0]?.token ?? '';
  return {
    head: say.order(first + 1),
    masks: masks.map(({ candidates, turn }) => ({ candidates, knows: turn === 0 ? undefined : known })),
  };
}

/** The dependence. */
export class DependencePart implements Part {
  text = '';
  #of = '';
  #step = -1;
  #asked = 0;
  #orders: readonly Column[] = [];
  #bert: { readonly of: string; readonly column: Column } | undefined;
  /** The BERT that stands beside it. */
  #beside = '';
  #problem: string | undefined;
  readonly #asking = new Asking();

  readonly #fold: Fold;

  constructor(private readonly desk: Desk) {
    this.#fold = new Fold(desk.host);
  }

  render({ run }: LiveRun): TemplateResult | typeof nothing {
    if (run.info.settings.architecture !== 'xlnet') return nothing;
    if (this.#fold.open) this.#follow(run);
    return this.#fold.render(say.title, say.about, () => this.#renderOpen());
  }

  #renderOpen(): TemplateResult {
    const berts = this.desk.runs.list.filter(
      ({ settings, steps, saved }) => settings.architecture === 'bert' && settings.bert.mlm && steps > 0 && saved,
    );
    const change = (act: () => void): void => {
      act();
      this.desk.host.requestUpdate();
    };
    const columns = [...this.#orders, ...(this.#bert?.of === this.#key() ? [this.#bert.column] : [])];
    return html`<div class="controls">
        <div class="field grow">
          <label for="double">${say.text}</label>
          <input
            type="text"
            id="double"
            dir="auto"
            .value=${liveValue(this.text)}
            aria-invalid=${this.#problem ? 'true' : 'false'}
            aria-describedby="double-problem"
            @change=${(event: Event) => change(() => (this.text = (event.target as HTMLInputElement).value))}
          />
        </div>
        ${
          berts.length === 0
            ? html`<p class="small muted">${say.none}</p>`
            : select({
                id: 'beside-bert',
                label: say.beside,
                value: this.#beside,
                options: [{ id: '', name: say.choose }, ...berts],
                choose: (id) => change(() => void this.#ask((this.#beside = id))),
              })
        }
      </div>
      ${problemBelow('double', this.#problem)}
      ${columns.length === 0 ? html`<p class="small muted">${say.waits}</p>` : renderColumns(columns, this.#step)}`;
  }

  #key = (): string => JSON.stringify([this.#beside, this.text]);

  #follow(run: Run): void {
    if (this.#beside !== '' && this.#bert?.of !== this.#key()) void this.#ask(this.#beside);
    const of = JSON.stringify([run.id, this.text]);
    const step = run.steps_done;
    if (of === this.#of && step === this.#step) return;
    if (of === this.#of && performance.now() - this.#asked < (run.state === 'running' ? PAUSE : 100)) return;
    this.#of = of;
    this.#asked = performance.now();
    this.#problem = this.text.split('[MASK]').length === 3 ? undefined : say.two;
    if (this.#problem) {
      this.#orders = [];
      this.#step = step;
      return;
    }
    const { text } = this;
    this.#asking.ask(async () => {
      const orders = new Map<string, Column>();
      for (let seed = 1; seed <= DRAWS && orders.size < 2; seed++) {
        const column = columnOf(await run.probe(text, TOP, seed));
        orders.set(column.head, column);
      }
      this.#orders = [...orders.values()].sort((a, b) => a.head.localeCompare(b.head));
      this.#step = step;
      this.desk.host.requestUpdate();
    });
  }

  /** Asks a BERT that was trained before, as it is kept. */
  async #ask(id: string): Promise<void> {
    const of = this.#key();
    const { text } = this;
    if (id === '' || this.#problem) return;
    // Once, whatever comes of it.
    this.#bert = { of, column: { head: '', masks: [] } };
    try {
      const name = this.desk.runs.list.find((one) => one.id === id)?.name ?? '';
      const unmask = await pipeline('fill-mask', await this.desk.runs.folder(id), { dtype: 'fp32' });
      const guesses = await unmask.masks(text, { top_k: TOP });
      await unmask.dispose();
      const masks = guesses.map((candidates) => ({
        candidates: candidates.map(({ token_str, score }) => ({ token: token_str, probability: score })),
        knows: undefined,
      }));
      this.#bert = { of, column: { head: name, masks } };
    } catch (error) {
      this.#bert = undefined;
      this.#beside = '';
      this.desk.fail(error, 'run');
    }
    this.desk.host.requestUpdate();
  }
}

function renderColumns(columns: readonly Column[], step: number): TemplateResult {
  const shown = columns.filter(({ masks }) => masks.length > 0);
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${say.title}>
    <table>
      <caption>
        ${say.caption(number(step))}
      </caption>
      <thead>
        <tr>
          <td></td>
          ${shown.map(({ head }) => html`<th scope="col"><bdi>${head}</bdi></th>`)}
        </tr>
      </thead>
      <tbody>
        ${[0, 1].map(
          (mask) =>
            html`<tr>
              <th scope="row">${say.mask(mask + 1)}</th>
              ${shown.map(({ masks }) => html`<td>${renderGuesses(masks[mask])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const renderGuesses = (mask: Column['masks'][number] | undefined): TemplateResult =>
  html`${(mask?.candidates ?? []).map(
      ({ token, probability }) =>
        html`<span class="guess"><bdi class="token">${readable(token)}</bdi> ${percent(probability)}</span> `,
    )} <span class="small muted">${mask?.knows === undefined ? say.alone : say.knows(readable(mask.knows))}</span>`;
