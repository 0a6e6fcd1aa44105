/** How the document fits into the context: counted anew when it or the settings change, once typing pauses. */
import type { ReactiveController } from 'lit';
import type { SummarizationPipeline, SummaryPlan, SummaryPlanOptions } from '../../index.js';
import type { Host } from '../controllers/host.js';

/** Pauses in typing shorter than this do not count the tokens again, ms. */
const COUNT_AFTER_MS = 300;

/** What is counted. */
export interface Planned {
  /** Undefined until the model is there. */
  readonly pipe: SummarizationPipeline | undefined;
  readonly document: string;
  readonly options: SummaryPlanOptions;
  /** Whether the model is writing; it is asked afterwards. */
  readonly running: boolean;
}

/** The plan of what is typed. */
export class PlanController implements ReactiveController {
  #plan: SummaryPlan | undefined;
  /** What the plan belongs to. */
  #key = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: Host,
    private readonly planned: () => Planned,
  ) {
    host.addController(this);
  }

  /** Undefined until the tokens have been counted. */
  get current(): SummaryPlan | undefined {
    return this.#plan;
  }

  /** What is typed or set changed. */
  changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.count(), COUNT_AFTER_MS);
  }

  /** Takes over the plan that came with a summary of `document`. */
  take(plan: SummaryPlan, { document, options }: Pick<Planned, 'document' | 'options'>): void {
    this.#key = keyOf(document, options);
    this.#set(plan);
  }

  /** Counts the tokens, unless nothing changed or the model is not there. */
  async count(): Promise<void> {
    const { pipe, document, options, running } = this.planned();
    const key = keyOf(document, options);
    if (!pipe || running || key === this.#key) return;
    this.#key = key;
    if (document.trim() === '') return this.#set(undefined);
    // The run says what is wrong; a meter has no figures then.
    const plan = await pipe.plan(document, options).catch(() => undefined);
    if (this.#key === key) this.#set(plan);
  }

  hostUpdated(): void {
    // The text may have changed while the model was writing: count now.
    void this.count();
  }

  #set(plan: SummaryPlan | undefined): void {
    this.#plan = plan;
    this.host.requestUpdate();
  }
}

const keyOf = (document: string, options: SummaryPlanOptions): string => JSON.stringify([document, options]);
