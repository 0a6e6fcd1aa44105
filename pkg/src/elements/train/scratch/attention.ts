/** The attention of a head, as it forms: drawn as on the Inside screen, followed while the run learns, kept to look back. */
import { html, nothing, type TemplateResult } from 'lit';
import { live as liveValue } from 'lit/directives/live.js';
import type { HeadAttention } from '../../../training/core-types.js';
import type { Run } from '../../../training/types.js';
import type { TokenInfo } from '../../../index.js';
import { trainWords } from '../../../words/train.js';
import { problemText } from '../../controllers/problem.js';
import { labelled, number } from '../../format.js';
import type { Matrix } from '../../inside/attention/compute.js';
import { select } from '../../inside/attention/controls.js';
import { arcs, ARC_ROWS, cellsOf, grid, type Drawn, type Picture } from '../../inside/attention/draw.js';
import type { Pointed } from '../../inside/drawing/element.js';
import { readable, tokenPicker, within } from '../../inside/tokens.js';
import { renderFigure } from '../plot/figure.js';
import { problemBelow } from '../../widgets/parts.js';
import type { LiveRun } from '../runs.js';
import { Asking, Fold, type Desk, type Part } from './desk.js';

const say = trainWords.run.attention;

/** What is kept of a head, to look back. */
interface Look {
  readonly step: number;
  readonly seen: HeadAttention;
}

/** As many looks are kept; beyond, every second is let go. */
const MOST_LOOKS = 48;

/** Between two looks while a run learns, ms. */
const PAUSE = 1000;

/** The attention. */
export class AttentionPart implements Part {
  text = '';
  #layer = 0;
  #head = 0;
  /** Undefined for one in the middle: the first has nothing but itself to look at, where a model reads from left to right. */
  #token: number | undefined;
  #as: 'arcs' | 'matrix' = 'arcs';
  #looks: Look[] = [];
  /** What the looks are of. */
  #of = '';
  #run: Run | undefined;
  /** The look that is shown; undefined for the newest. */
  #back: number | undefined;
  #asked = 0;
  /** What was refused, and why: it is not asked for again. */
  #refused = { of: '', why: '' };
  readonly #asking = new Asking();

  readonly #fold: Fold;

  constructor(private readonly desk: Desk) {
    this.#fold = new Fold(desk.host);
  }

  render({ run }: LiveRun): TemplateResult | typeof nothing {
    const { settings } = run.info;
    // An LSTM has none.
    if (settings.architecture === 'elmo') return nothing;
    const layer = Math.min(this.#layer, settings.num_layers - 1);
    const head = Math.min(this.#head, settings.num_heads - 1);
    if (this.#fold.open) this.#follow(run, layer, head);
    return this.#fold.render(say.title, say.about, () => this.#renderOpen(run, layer, head));
  }

  #renderOpen(run: Run, layer: number, head: number): TemplateResult {
    const { settings } = run.info;
    const update = (change: () => void): void => {
      change();
      this.desk.host.requestUpdate();
    };
    const numbered = (most: number): { id: string; name: string }[] =>
      Array.from({ length: most }, (_, at) => ({ id: String(at), name: String(at + 1) }));
    const problem = this.#refused.of === this.#of ? this.#refused.why || undefined : undefined;
    return html`<div class="controls">
        <div class="field grow">
          <label for="attention-text">${say.text}</label>
          <input
            type="text"
            id="attention-text"
            dir="auto"
            maxlength="600"
            .value=${liveValue(this.text)}
            aria-invalid=${problem ? 'true' : 'false'}
            aria-describedby="attention-text-problem"
            @change=${(event: Event) => update(() => (this.text = (event.target as HTMLInputElement).value))}
          />
        </div>
        ${select({
          id: 'attention-layer',
          label: say.layer,
          value: String(layer),
          options: numbered(settings.num_layers),
          choose: (value) => update(() => (this.#layer = Number(value))),
        })}
        ${select({
          id: 'attention-head',
          label: say.head,
          value: String(head),
          options: numbered(settings.num_heads),
          choose: (value) => update(() => (this.#head = Number(value))),
        })}
        ${select({
          id: 'attention-as',
          label: say.as,
          value: this.#as,
          options: (['arcs', 'matrix'] as const).map((id) => ({ id, name: say[id] })),
          choose: (value) => update(() => (this.#as = value as 'arcs')),
        })}
      </div>
      ${problemBelow('attention-text', problem)} ${this.#renderLook(run, layer, head)}`;
  }

  #renderLook(run: Run, layer: number, head: number): TemplateResult {
    const looks = this.#looks;
    const at = Math.min(this.#back ?? looks.length - 1, looks.length - 1);
    const look = looks[at];
    if (!look) return html`<p class="small muted">${say.waits}</p>`;
    const { step, seen } = look;
    const names = seen.tokens.map(readable);
    const size = names.length;
    const indexes = [...names.keys()];
    const row = within(this.#token ?? Math.floor(names.length / 2), names);
    const matrix: Matrix = { indexes, values: seen.attentions, size };
    const reads = run.info.settings.architecture === 'gpt' ? 'left-to-right' : 'both';
    const title = say.drawing(String(layer + 1), String(head + 1), number(step));
    const side = { names, model: { info: { reads } } } as const;
    const picture: Picture<Drawn> = { side, matrix, row, threshold: 0.02, width: this.desk.width, title };
    const choose = (token: number): void => {
      this.#token = token;
      this.desk.host.requestUpdate();
    };
    const point = ({ detail: { x, y } }: CustomEvent<Pointed>): void => {
      const { left, top, cell } = cellsOf(picture);
      const hit = this.#as === 'arcs' ? (y - ARC_ROWS.top) / ARC_ROWS.height(size) : x < left ? -1 : (y - top) / cell;
      if (hit >= 0 && hit < size) choose(Math.floor(hit));
    };
    const rows = function* (): Generator<(string | number)[]> {
      for (let cell = 0; cell < seen.attentions.length; cell++)
        yield [names[Math.floor(cell / size)]!, names[cell % size]!, seen.attentions[cell]!];
    };
    return html`${this.#renderBack(at, step)}
      <div class="field">
        <p class="label">${say.token}</p>
        ${tokenPicker({
          label: say.token,
          tokens: names.map((_, index) => ({ special: isSpecial(names[index]!) }) as TokenInfo),
          names,
          chosen: row,
          choose,
        })}
      </div>
      <div data-hue=${reads === 'both' ? 'bert' : 'gpt'} @cloze-point=${{ handleEvent: point, capture: true }}>
        ${renderFigure(
          {
            name: `attention-step-${step}`,
            pointable: true,
            drawing: (this.#as === 'arcs' ? arcs : grid)(picture),
            caption: say.table,
            table: { columns: say.columns, rows: { [Symbol.iterator]: rows } },
          },
          this.desk.host,
          (said) => this.desk.frame.announce(said),
        )}
      </div>`;
  }

  /** The way back to older looks, once there are any. */
  #renderBack(at: number, step: number): TemplateResult {
    const last = this.#looks.length - 1;
    const when = say.when(number(step));
    if (last === 0) return html`<p class="small">${when}</p>`;
    const back = (event: Event): void => {
      const value = (event.target as HTMLInputElement).valueAsNumber;
      this.#back = value === last ? undefined : value;
      this.desk.host.requestUpdate();
    };
    return html`<div class="field back">
      <label for="attention-back">${at === last ? when : labelled(say.slider, when)}</label>
      <input
        id="attention-back"
        type="range"
        min="0"
        max=${last}
        step="1"
        .value=${liveValue(String(at))}
        aria-valuetext=${when}
        @input=${back}
      />
    </div>`;
  }

  /** Asks again once the run has gone on, or something else is asked for. */
  #follow(run: Run, layer: number, head: number): void {
    const of = JSON.stringify([run.id, this.text, layer, head]);
    if (of !== this.#of || run !== this.#run) {
      this.#of = of;
      this.#run = run;
      this.#looks = [];
      this.#back = undefined;
      this.#asked = 0;
    }
    const step = run.steps_done;
    const known = this.#looks.at(-1)?.step === step;
    if (of === this.#refused.of) return;
    if (known || this.text === '' || performance.now() - this.#asked < (run.state === 'running' ? PAUSE : 100)) return;
    this.#asked = performance.now();
    this.#asking.ask(async () => {
      try {
        const seen = await run.attention(this.text, layer, head);
        if (of !== this.#of || run !== this.#run) return;
        this.#keep({ step: run.steps_done, seen });
      } catch (error) {
        if (run === this.#run && run.state !== 'closed') this.#refused = { of, why: problemText(error) };
      }
      this.desk.host.requestUpdate();
    });
  }

  #keep(look: Look): void {
    this.#looks.push(look);
    if (this.#looks.length <= MOST_LOOKS) return;
    this.#looks = this.#looks.filter((_, at) => at % 2 === 0 || at === this.#looks.length - 1);
    if (this.#back !== undefined) this.#back = Math.floor(this.#back / 2);
  }
}

/** Special tokens are written in brackets, `[CLS]` or `<|endoftext|>`. */
const isSpecial = (token: string): boolean => /^(?:\[[A-Z]+\]|<[^>]+>)$/u.test(token);
