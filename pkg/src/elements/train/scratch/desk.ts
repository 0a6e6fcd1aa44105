/** What the parts of the view share. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { LiveRun, TrainRuns } from '../runs.js';
import type { TrainFrame } from '../view.js';

/** The view, as its parts see it. */
export interface Desk {
  /** The element on which the parts are drawn. */
  readonly host: LitElement;
  readonly frame: TrainFrame;
  readonly runs: TrainRuns;
  /** CSS pixels a picture may be wide. */
  readonly width: number;
  /** What is trained on now, for what the parts begin with; the empty text if there is none. */
  readonly text: string;
  /** Says what went wrong beside a control. */
  fail(error: unknown, at: string): void;
  /** What was wrong with a control is mended. */
  clear(at: string): void;
  /** What is wrong with a control. */
  problem(id: string): string | undefined;
}

/** A part that is about the run that is looked at. */
export interface Part {
  render(live: LiveRun): TemplateResult | typeof nothing;
}

/**
 * Asks one thing at a time, and again with the newest question once the answer is there: what is shown of a run that
 * learns must not queue up behind its steps.
 */
export class Asking {
  #busy = false;
  #next: (() => Promise<void>) | undefined;

  ask(question: () => Promise<void>): void {
    this.#next = question;
    if (!this.#busy) void this.#go();
  }

  async #go(): Promise<void> {
    this.#busy = true;
    while (this.#next) {
      const question = this.#next;
      this.#next = undefined;
      // A run that was closed in the meantime answers no more; the next question is of another one.
      await question().catch(() => undefined);
    }
    this.#busy = false;
  }
}

/** What is folded away: it is only computed and drawn while it is unfolded. */
export class Fold {
  open = false;

  constructor(private readonly host: LitElement) {}

  render(title: string, about: string, content: () => unknown): TemplateResult {
    const toggle = ({ target, currentTarget }: Event): void => {
      // Tables in it are unfolded as well.
      if (target !== currentTarget) return;
      this.open = (target as HTMLDetailsElement).open;
      this.host.requestUpdate();
    };
    return html`<details class="part" @toggle=${toggle}>
      <summary>${title}</summary>
      <div class="inside">
        <p class="small muted">${about}</p>
        ${this.open ? content() : nothing}
      </div>
    </details>`;
  }
}
