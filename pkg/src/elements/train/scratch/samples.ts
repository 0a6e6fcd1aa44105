/** What a run writes or guesses at chosen steps, side by side. */
import { html, nothing, type TemplateResult } from 'lit';
import { live as liveValue } from 'lit/directives/live.js';
import type { Probe as RunProbe } from '../../../training/core-types.js';
import type { RunSample } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { bytesShown, number, percent } from '../../format.js';
import { readable } from '../../inside/tokens.js';
import { dataTable } from '../../inside/data-table.js';
import { select } from '../../inside/attention/controls.js';
import { problemBelow } from '../../widgets/parts.js';
import type { LiveRun } from '../runs.js';
import type { Desk, Part } from './desk.js';
import { words } from '../../../words/index.js';

const say = trainWords.run.samples;

/** When samples are taken. */
export type Times = keyof typeof say.times;

/** Steps between two samples: as many as there were, three times over, where they grow. */
const EVERY: Record<Exclude<Times, 'growing'>, number> = { often: 25, each: 100 };

/** The step of the next sample of a growing row, which is also what `sample_every` has to be for it. */
export function growing(done: number): number {
  for (let ten = 10; ; ten *= 10) for (const step of [ten, 3 * ten]) if (step > done) return step;
}

/** Steps between samples for a run that has done so many. */
export const sampleEvery = (times: Times, done: number): number => (times === 'growing' ? growing(done) : EVERY[times]);

/** Whether a model writes; the others guess. */
export const writes = (architecture: string): boolean => architecture === 'gpt' || architecture === 'elmo';

/** The samples. */
export class Samples implements Part {
  times: Times = 'growing';
  prompt = '';
  probe = '';
  /** Taken by hand, of each run. */
  readonly #asked = new WeakMap<object, RunSample[]>();

  constructor(private readonly desk: Desk) {}

  /** What a run is asked for. */
  asked(): { prompt: string; probe: string; top_k: number } {
    return { prompt: this.prompt, probe: this.probe, top_k: 3 };
  }

  /** A sample came: the next one of a growing row is further away. */
  came({ run }: LiveRun, step = run.steps_done): void {
    const sample_every = sampleEvery(this.times, step);
    if (sample_every !== run.plan.sample_every) void run.change_plan({ sample_every }).catch(() => undefined);
  }

  render(live: LiveRun): TemplateResult {
    const { run } = live;
    const text = writes(run.info.settings.architecture);
    const all = [...run.history.samples, ...(this.#asked.get(run) ?? [])].sort((a, b) => a.step - b.step);
    return html`<section class="part" aria-labelledby="samples-title">
      <h4 id="samples-title">${say.title}</h4>
      <p class="small muted">${text ? say.about.text : say.about.probe}</p>
      ${this.#renderControls(live, text)}
      ${
        all.length === 0
          ? html`<p class="small muted">${say.none}</p>`
          : html`<ol class="samples" tabindex="0" role="list" aria-label=${say.title}>
              ${all.map(
                (sample) =>
                  html`<li>
                    <p class="small muted">${say.at(number(sample.step))}</p>
                    ${this.#renderSample(sample)}
                  </li>`,
              )}
            </ol>`
      }
      ${all.length === 0 ? nothing : dataTable({ columns: say.columns, rows: all.map(row) }, say.table)}
    </section>`;
  }

  #renderControls(live: LiveRun, text: boolean): TemplateResult {
    const id = text ? 'prompt' : 'probe';
    const problem = this.desk.problem(id);
    const change = (event: Event): void => {
      this[id] = (event.target as HTMLInputElement).value;
      this.desk.clear(id);
      void live.run.change_plan({ sample: this.asked() }).catch(() => undefined);
    };
    return html`<div class="controls">
        <div class="field grow">
          <label for=${id}>${say[id]}</label>
          <input
            type="text"
            id=${id}
            dir="auto"
            .value=${liveValue(this[id])}
            aria-invalid=${problem ? 'true' : 'false'}
            aria-describedby="${id}-problem"
            @change=${change}
          />
        </div>
        ${select({
          id: 'sample-times',
          label: say.when,
          value: this.times,
          options: (Object.keys(say.times) as Times[]).map((one) => ({ id: one, name: say.times[one] })),
          choose: (times) => {
            this.times = times as Times;
            this.came(live);
          },
        })}
        <button type="button" id="sample-now" @click=${() => void this.#sample(live, text)}>${say.now}</button>
      </div>
      ${problemBelow(id, problem)}`;
  }

  #renderSample(sample: RunSample): TemplateResult {
    // Line breaks of the template would show in it.
    const written = (text: unknown): TemplateResult => html`<p class="written" dir="auto">${text}</p>`;
    if (sample.kind === 'text')
      return written([html`<span class="muted">${sample.prompt}</span>`, bytesShown(sample.text) || say.nothing]);
    const guesses = sample.probe.masks.map(({ candidates }) => candidates[0]?.token);
    const figures = (masks: RunProbe['masks'][number]): TemplateResult[] =>
      masks.candidates.map(
        ({ token, probability }, at) =>
          html`${at > 0 ? ', ' : ''}<bdi class="token">${readable(token)}</bdi> ${percent(probability)}`,
      );
    return html`${written(withGuesses(sample.text, guesses))}
    ${sample.probe.masks.map((mask) => html`<p class="small">${figures(mask)}</p>`)}`;
  }

  async #sample(live: LiveRun, text: boolean): Promise<void> {
    const { run } = live;
    const { prompt, probe: marked } = this;
    this.desk.clear(text ? 'prompt' : 'probe');
    try {
      const step = run.steps_done;
      const sample: RunSample = text
        ? {
            kind: 'text',
            step,
            prompt,
            text: await run.sample(prompt, { seed: 1 + (this.#asked.get(run)?.length ?? 0) }),
          }
        : { kind: 'probe', step, text: marked, probe: await run.probe(marked, 3) };
      this.#asked.set(run, [...(this.#asked.get(run) ?? []), sample]);
      this.desk.host.requestUpdate();
    } catch (error) {
      this.desk.fail(error, text ? 'prompt' : 'probe');
    }
  }
}

/** A text with the best guesses in the place of its marks. */
function withGuesses(text: string, guesses: readonly (string | undefined)[]): (string | TemplateResult)[] {
  return text
    .split('[MASK]')
    .flatMap((piece, at) =>
      at === 0 ? [piece] : [html`<strong>${readable(guesses[at - 1] ?? '[MASK]').replace(/^␣/u, '')}</strong>`, piece],
    );
}

const row = (sample: RunSample): (string | number)[] =>
  sample.kind === 'text'
    ? [sample.step, sample.prompt, bytesShown(sample.text)]
    : [
        sample.step,
        sample.text,
        sample.probe.masks
          .map(({ candidates }) =>
            candidates
              .map(({ token, probability }) => `${token} ${percent(probability)}`)
              .join(words.frame.marks.comma),
          )
          .join(words.frame.marks.semicolon),
      ];
