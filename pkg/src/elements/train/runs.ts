/**
 * The runs of this page, for all views of the screen: one is open and learns or rests, the others are kept in the browser's
 * storage and can be compared and gone on with. The host, and with it the training wasm, is fetched when it is first needed.
 */
import type { ClozeError } from '../../border/errors.js';
import type { RunInfo, TrainSettings } from '../../training/core-types.js';
import type { Run, RunEvent, RunHistory, RunOptions, SavedRun, TrainingHost } from '../../training/types.js';
import { LookAgain } from './keeping/look-again.js';

/** A run that is open on this page. */
export interface LiveRun {
  readonly run: Run;
  /** What ended it. */
  error: ClozeError | undefined;
  /** Why it could not be kept, the last time it was tried. */
  unsaved: ClozeError | undefined;
}

/** A run as it is listed: open, kept, or both. */
export interface ListedRun {
  readonly id: string;
  readonly name: string;
  readonly settings: TrainSettings;
  readonly weights: number;
  readonly steps: number;
  readonly history: RunHistory | undefined;
  /** With the levels of its text. */
  readonly info: RunInfo;
  /** While it is open here. */
  readonly live: LiveRun | undefined;
  /** While it is kept. */
  readonly saved: SavedRun | undefined;
}

/** Between two calls of those who look, ms. */
const PAUSE = 200;

/** All runs. */
export class TrainRuns {
  #host: Promise<TrainingHost> | undefined;
  readonly #live = new Map<string, LiveRun>();
  #kept: readonly SavedRun[] = [];
  readonly #histories = new Map<string, { readonly saved: number; readonly history: RunHistory }>();
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #again = new LookAgain(() => void this.refresh());
  /** The run that is looked at. */
  chosen: string | undefined;

  constructor(private readonly open: () => Promise<TrainingHost>) {}

  /** What trains; fetched once. A fetch that failed is tried again. */
  host(): Promise<TrainingHost> {
    return (this.#host ??= this.open().then(
      (host) => {
        host.on_change(() => void this.refresh());
        void this.refresh();
        return host;
      },
      (error: unknown) => {
        this.#host = undefined;
        throw error;
      },
    ));
  }

  /** Calls `listener` when something changed, a few times a second at most. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The run that is looked at, while it is open. */
  get current(): LiveRun | undefined {
    return this.chosen === undefined ? undefined : this.#live.get(this.chosen);
  }

  /** All runs: those that are open first, then the kept ones, last saved first. */
  get list(): readonly ListedRun[] {
    const open = [...this.#live.values()].map((live) => this.#listed(live));
    const rest = this.#kept
      .filter(({ id }) => !this.#live.has(id))
      .map((saved): ListedRun => {
        const { id, name, settings, weights, steps } = saved;
        return {
          id,
          name,
          settings,
          weights,
          steps,
          history: this.#histories.get(id)?.history,
          info: saved.info,
          live: undefined,
          saved,
        };
      });
    return [...open.reverse(), ...rest];
  }

  /** A new run, which is the one that is looked at then. Those before it rest, and are closed if they are kept. */
  async begin(settings: TrainSettings, text: string, options: RunOptions): Promise<LiveRun> {
    const host = await this.host();
    await this.#makeRoom();
    return this.#take(await host.run(settings, text, options));
  }

  /** Goes on with a kept run. */
  async resume(id: string, options: RunOptions = {}): Promise<LiveRun> {
    const there = this.#live.get(id);
    if (there) {
      this.chosen = id;
      this.#changed();
      return there;
    }
    const host = await this.host();
    await this.#makeRoom();
    return this.#take(await host.resume(id, options));
  }

  /** Takes a run away for good. */
  async remove(id: string): Promise<void> {
    const host = await this.host();
    await this.close(id);
    await host.remove(id);
    if (this.chosen === id) this.chosen = undefined;
    this.#histories.delete(id);
    await this.refresh();
  }

  /** The model of a run as files. */
  async folder(id: string): Promise<File[]> {
    const live = this.#live.get(id);
    return live ? live.run.folder() : (await this.host()).folder(id);
  }

  /** Fetches the curves of kept runs, for comparing. */
  async fetchHistories(ids: readonly string[]): Promise<void> {
    const wanted = this.#kept.filter(
      ({ id, saved }) => ids.includes(id) && !this.#live.has(id) && this.#histories.get(id)?.saved !== saved,
    );
    if (wanted.length === 0) return;
    const host = await this.host();
    for (const { id, saved } of wanted) {
      // Another tab may have removed it by now.
      const history = await host.history(id).catch(() => undefined);
      if (history) this.#histories.set(id, { saved, history });
    }
    this.#changed();
  }

  /** Asks again what is kept. */
  async refresh(): Promise<void> {
    const host = await this.#host;
    if (!host) return;
    this.#kept = await host.runs().catch(() => this.#kept);
    this.#changed();
    this.#again.after(this.#kept.some(({ id, open }) => open && !this.#live.has(id)));
  }

  #listed(live: LiveRun): ListedRun {
    const { id, name, info, steps_done: steps, history } = live.run;
    const saved = this.#kept.find((one) => one.id === id);
    return { id, name, settings: info.settings, weights: info.weights, steps, history, info, live, saved };
  }

  #take(run: Run): LiveRun {
    const live: LiveRun = { run, error: undefined, unsaved: undefined };
    this.#live.set(run.id, live);
    this.chosen = run.id;
    run.on_event((event) => this.#hear(live, event));
    void this.refresh();
    return live;
  }

  #hear(live: LiveRun, event: RunEvent): void {
    if (event.type === 'error') live.error = event.error;
    if (event.type === 'unsaved') live.unsaved = event.error;
    if (event.type === 'saved') live.unsaved = undefined;
    this.#changed();
  }

  /** One run has the memory and the cores. One that cannot be kept would be lost if it was closed: it rests. */
  async #makeRoom(): Promise<void> {
    for (const [id, live] of this.#live) {
      // Only the pause tells whether it is kept.
      if (live.run.state === 'running') await live.run.pause();
      if (!live.unsaved) await this.close(id);
    }
  }

  /** Closes a run, which is kept; one that cannot be kept is lost. */
  async close(id: string): Promise<void> {
    const live = this.#live.get(id);
    if (!live) return;
    const { history } = live.run;
    await live.run.close();
    this.#live.delete(id);
    await this.refresh();
    const saved = this.#kept.find((one) => one.id === id)?.saved;
    if (saved !== undefined) this.#histories.set(id, { saved, history });
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#listeners.forEach((listener) => listener());
    }, PAUSE);
  }
}

/** Of this page: views and elements share the runs. */
let shared: TrainRuns | undefined;

/** The runs of this page, with the build and the threads that its first element asks for. */
export const trainRuns = (options: { build?: string | undefined; threads?: number | undefined } = {}): TrainRuns =>
  (shared ??= new TrainRuns(async () => {
    const { openTraining } = await import('../../training/index.js');
    const { build, threads } = options;
    return openTraining({ ...(build && { build: build as 'auto' }), ...(threads && { threads }) });
  }));
