/** What each size costs with what is set; how long it takes follows from how fast this device was. */
import type { LitElement } from 'lit';
import type { RunCost, TrainArchitecture, TrainSettings, TrainSize } from '../../../training/core-types.js';
import type { TrainingHost } from '../../../training/types.js';
import type { LiveRun } from '../runs.js';
import { speed } from './curves.js';
import type { SizeCost } from './form.js';
import { Memory } from './memory.js';
import { settingsOf, SIZES, type Choice } from './settings.js';

/** Steps after which the speed is no longer that of the first ones, which are slower. */
const FEWEST = 5;

/** The costs. */
export class Costs {
  readonly #bases = new Map<string, TrainSettings>();
  readonly #costs = new Map<TrainSize, RunCost>();
  readonly #memory = new Memory();
  /** What is being counted: an older answer is of no use. */
  #newest = 0;
  readonly #flops = new WeakMap<LiveRun, number>();

  constructor(
    private readonly view: LitElement,
    private readonly host: () => Promise<TrainingHost>,
  ) {}

  /** The settings of a size, once they are known. */
  base(architecture: TrainArchitecture, size: TrainSize): TrainSettings | undefined {
    return this.#bases.get(`${architecture} ${size}`);
  }

  /** What each size costs. */
  of(architecture: TrainArchitecture): ReadonlyMap<TrainSize, SizeCost> {
    const flops = this.#memory.speedOf(architecture);
    return new Map(
      SIZES.map((size) => {
        const cost = this.#costs.get(size);
        return [size, { cost, seconds: cost && flops ? (100 * cost.flops_per_step) / flops : undefined }];
      }),
    );
  }

  /** Counts anew. A setting that cannot be says so when a run is begun with it. */
  async count(choice: Choice): Promise<void> {
    const newest = (this.#newest += 1);
    const host = await this.host();
    const { architecture } = choice;
    for (const size of SIZES) {
      const key = `${architecture} ${size}`;
      const base = this.#bases.get(key) ?? (await host.default_settings(architecture, size));
      this.#bases.set(key, base);
      const cost = await host.cost(settingsOf(choice, base)).catch(() => undefined);
      if (newest !== this.#newest) return;
      if (cost) this.#costs.set(size, cost);
      else this.#costs.delete(size);
      this.view.requestUpdate();
    }
  }

  /** A run goes on: how fast it is tells what others will take. */
  measured(live: LiveRun): void {
    const { info, history } = live.run;
    const rate = history.steps.length < FEWEST ? undefined : speed(history);
    if (!rate) return;
    const known = this.#flops.get(live);
    if (known === undefined) {
      this.#flops.set(live, 0);
      void this.host()
        .then((host) => host.cost(info.settings))
        .then(({ flops_per_step }) => this.#flops.set(live, flops_per_step))
        .catch(() => undefined);
    } else {
      const flops = known * rate.steps;
      const before = this.#memory.speedOf(info.settings.architecture) ?? 0;
      // Storage is slow, and other tabs hear of it.
      if (Math.abs(flops - before) > 0.05 * before) this.#memory.rememberSpeed(info.settings.architecture, flops);
    }
  }
}
