/** The run that is looked at: its state, its buttons, its figures, and all that shows what it learns. */
import { html, nothing, type TemplateResult } from 'lit';
import { trainWords } from '../../../words/train.js';
import { number } from '../../format.js';
import { factList } from '../../widgets/parts.js';
import { problemText } from '../../controllers/problem.js';
import type { ScreenTask } from '../../rows.js';
import type { LiveRun } from '../runs.js';
import type { Desk } from './desk.js';
import { figures, loss, standing } from './figures.js';
import { saveFolder } from './kept.js';
import { tokenLoss } from './curves.js';
import { words } from '../../../words/index.js';

const say = trainWords.run;

/** The screens that can use a model of this kind. */
function screensFor({ run }: LiveRun): ScreenTask[] {
  const { architecture, bert } = run.info.settings;
  if (architecture === 'gpt') return ['generate', 'inside'];
  if (architecture !== 'bert') return [];
  return [...(bert.mlm ? (['fill-mask'] as const) : []), ...(bert.nsp ? (['next-sentence'] as const) : []), 'inside'];
}

/** What is done with a run. */
export class LiveView {
  /** Whether it rests because the tab was left. */
  left = false;
  #busy = false;
  /** The run that is closed although it is not kept, once that was pressed again. */
  #sure: string | undefined;

  constructor(private readonly desk: Desk) {}

  /** Name, state, buttons. */
  renderHead(live: LiveRun): TemplateResult {
    const { run, error, unsaved } = live;
    const { state, steps_done: done, name } = run;
    const { steps } = run.info.settings;
    const { announce } = say;
    const running = state === 'running';
    const ended = state === 'over' || state === 'failed';
    const toggle = (): Promise<void> =>
      this.#act(async () => {
        this.left = false;
        if (running) {
          await run.pause();
          this.desk.frame.announce(announce.paused(number(run.steps_done)));
        } else {
          await run.start();
          this.desk.frame.announce(announce.started(name));
        }
      });
    const step = (): Promise<void> =>
      this.#act(async () => {
        const point = await run.step();
        this.desk.frame.announce(announce.stepped(number(point.step + 1), loss(tokenLoss(point.parts))));
      });
    const stop = (): Promise<void> =>
      this.#act(async () => {
        if (run.state === 'running') await run.pause();
        // What cannot be kept would be lost: a second press says that this is meant.
        if (live.unsaved && this.#sure !== run.id) {
          this.#sure = run.id;
          this.desk.frame.announce(announce.sure(name));
          return;
        }
        const kept = !live.unsaved;
        await this.desk.runs.close(run.id);
        this.desk.frame.announce(kept ? announce.stopped(name) : announce.lost(name));
        this.desk.host.renderRoot.querySelector<HTMLElement>('#run')?.focus();
      });
    return html`<div class="live" data-state=${state}>
      <div class="row spread">
        <h4><bdi>${name}</bdi></h4>
        <p class="small muted">${this.left && !running ? say.left : say.states[state]}</p>
      </div>
      <progress
        max=${steps}
        .value=${Math.min(done, steps)}
        aria-label=${say.progress(number(done), number(steps))}
      ></progress>
      <p class="small">${say.progress(number(done), number(steps))}</p>
      <div class="row">
        ${
          ended
            ? nothing
            : html`<button type="button" id="pause" @click=${() => void toggle()}>
                ${running ? say.pause : say.resume}
              </button>`
        }
        <button
          type="button"
          id="step"
          ?disabled=${running || state === 'failed' || this.#busy}
          @click=${() => void step()}
        >
          ${say.step}
        </button>
        <button type="button" id="stop" @click=${() => void stop()}>
          ${this.#sure === run.id ? say.stopForGood : say.stop}
        </button>
      </div>
      <div role="alert">${error ? html`<div class="problem"><p>${advised(error)}</p></div>` : nothing}</div>
      ${unsaved ? html`<p class="caution small" data-unsaved>${say.unsaved(problemText(unsaved))}</p>` : nothing}
    </div>`;
  }

  /** Its figures, and which level it is under. */
  renderFigures({ run }: LiveRun): TemplateResult {
    const under = standing(run.info, run.history);
    return html`<div class="figures">
      ${factList(figures(run.info, run.history, run.steps_done))}
      ${under ? html`<p class="small" data-under=${under}>${say.figures.under[under]}</p>` : nothing}
    </div>`;
  }

  /** Where the model can be used. */
  renderUse(live: LiveRun): TemplateResult {
    const { run } = live;
    const { architecture } = run.info.settings;
    const open = (task: ScreenTask): Promise<void> =>
      this.#act(async () => this.desk.frame.openIn(task, run.name, await run.folder()));
    const none = architecture === 'elmo' || architecture === 'xlnet' ? say.open.noScreen[architecture] : undefined;
    return html`<section class="part" aria-labelledby="use-title">
      <h4 id="use-title">${say.open.title}</h4>
      <div class="row">
        ${screensFor(live).map(
          (task) =>
            html`<button type="button" data-open=${task} @click=${() => void open(task)}>
              ${say.open[task as 'inside']}
            </button>`,
        )}
        <button type="button" id="folder" @click=${() => void this.#act(() => saveFolder(this.desk, run.id, run.name))}>
          ${say.open.folder}
        </button>
      </div>
      ${none === undefined ? nothing : html`<p class="small muted">${none}</p>`}
    </section>`;
  }

  async #act(act: () => Promise<void> | void): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await act();
    } catch (error) {
      this.desk.fail(error, 'run');
    }
    this.#busy = false;
    this.desk.host.requestUpdate();
  }
}

/** What an error says, and what helps against it here. */
export function advised(error: unknown): string {
  const code = (error as { code?: string }).code ?? '';
  const advice: Readonly<Record<string, string>> = say.advice;
  return code === 'diverged'
    ? say.advice.diverged
    : [problemText(error), advice[code]].filter(Boolean).join(words.frame.marks.between);
}
