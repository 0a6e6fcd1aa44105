/** Where the reader left off: what learns from a model and was kept when its tab was closed, to go on with. */
import { html, nothing, type TemplateResult } from 'lit';
import type { LearnerKind, SavedLearner, TrainingHost } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { labelled, moment, number } from '../../format.js';
import { problemText } from '../../controllers/problem.js';
import { problemBelow } from '../../widgets/parts.js';
import type { TrainFrame } from '../view.js';
import { LookAgain } from './look-again.js';

const say = trainWords.keeping.left;

/** What the part needs of its view. */
interface Around {
  readonly frame: TrainFrame;
  requestUpdate(): void;
  /** Moves the focus, once the view is drawn anew. */
  focusOn(selector: string): void;
  host(): Promise<TrainingHost>;
}

/** Those of one view. */
export class LeftPart {
  #all: readonly SavedLearner[] = [];
  #stopHearing: (() => void) | undefined;
  readonly #again = new LookAgain(() => void this.#look());
  #problem: string | undefined;
  #busy = false;

  constructor(
    private readonly around: Around,
    private readonly kinds: readonly LearnerKind[],
    /** Of what the view has put beside one: what it is called; undefined for one that is not to be listed. */
    private readonly titleOf: (metadata: unknown) => string | undefined,
    /** What is removed together with one. */
    private readonly groupOf: (metadata: unknown) => string | undefined,
    private readonly goOn: (learner: SavedLearner) => Promise<void>,
  ) {}

  /** Looks what is kept, now and whenever that changes. */
  async connect(): Promise<void> {
    const host = await this.around.host().catch(() => undefined);
    if (!host) return;
    this.#stopHearing?.();
    this.#stopHearing = host.on_change(() => void this.#look());
    await this.#look();
  }

  async #look(): Promise<void> {
    const host = await this.around.host();
    const all = await host.learners().catch(() => []);
    const ours = all.filter(({ kind, metadata }) => {
      return this.kinds.includes(kind) && this.titleOf(metadata) !== undefined;
    });
    this.#all = ours.filter(({ open }) => !open);
    this.around.requestUpdate();
    if (this.#stopHearing) this.#again.after(this.#all.length < ours.length);
  }

  disconnect(): void {
    this.#stopHearing?.();
    this.#stopHearing = undefined;
    this.#again.stop();
  }

  /** The list; nothing where nothing was left. */
  render(disabled: boolean): TemplateResult | typeof nothing {
    if (this.#all.length === 0) return nothing;
    return html`<section id="left" aria-labelledby="left-title" class="left">
      <h4 id="left-title">${say.heading}</h4>
      <ul>
        ${this.#all.map((learner) => this.#renderOne(learner, disabled || this.#busy))}
      </ul>
      ${problemBelow('left', this.#problem)}
    </section>`;
  }

  #renderOne(learner: SavedLearner, disabled: boolean): TemplateResult {
    const { id, metadata, steps, total, saved } = learner;
    const title = this.titleOf(metadata) ?? '';
    const over = total > 0 && steps >= total;
    const act = over ? say.open : say.goOn;
    const where = over ? say.over(number(total)) : say.at(number(steps), number(total));
    return html`<li>
      <p>
        <bdi>${title}</bdi>: ${total > 0 ? where : say.notBegun}
        <span class="muted">${say.saved(moment(saved))}</span>
      </p>
      <div class="row">
        <button
          type="button"
          aria-label=${labelled(act, title)}
          data-left=${id}
          ?disabled=${disabled}
          @click=${() => void this.#doing(() => this.goOn(learner))}
        >
          ${act}
        </button>
        <button
          type="button"
          class="quiet"
          aria-label=${labelled(say.remove, title)}
          ?disabled=${disabled}
          @click=${() => void this.#doing(() => this.#remove(learner))}
        >
          ${say.remove}
        </button>
      </div>
    </li>`;
  }

  async #remove({ id, metadata }: SavedLearner): Promise<void> {
    const host = await this.around.host();
    const group = this.groupOf(metadata);
    await host.remove(id);
    for (const other of await host.learners())
      if (group !== undefined && this.groupOf(other.metadata) === group) await host.remove(other.id);
    this.around.frame.announce(say.removed);
    this.around.focusOn('#left button, .primary');
  }

  async #doing(act: () => Promise<void>): Promise<void> {
    this.#problem = undefined;
    this.#busy = true;
    this.around.requestUpdate();
    try {
      await act();
    } catch (error) {
      this.#problem = problemText(error);
    }
    this.#busy = false;
    this.around.requestUpdate();
  }
}
