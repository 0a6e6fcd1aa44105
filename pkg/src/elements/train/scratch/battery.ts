/** Whether the device runs on its battery, where the browser says so. */
import type { LitElement } from 'lit';
import { trainWords } from '../../../words/train.js';
import { number } from '../../format.js';

const say = trainWords.scratch;

/** The part of the Battery Status API that is used; not all browsers have it. */
interface BatteryManager extends EventTarget {
  readonly charging: boolean;
  readonly level: number;
}

/** The battery. */
export class Battery {
  #manager: BatteryManager | undefined;

  constructor(view: LitElement) {
    const { getBattery } = navigator as { getBattery?: () => Promise<BatteryManager> };
    void getBattery
      ?.call(navigator)
      .then((manager) => {
        this.#manager = manager;
        for (const type of ['chargingchange', 'levelchange'])
          manager.addEventListener(type, () => view.requestUpdate());
        view.requestUpdate();
      })
      // A page in a frame may not ask.
      .catch(() => undefined);
  }

  /** In a sentence; the empty text where nothing is known. */
  get said(): string {
    if (!this.#manager) return '';
    return this.#manager.charging ? say.plugged : say.battery(`${number(100 * this.#manager.level)}\u00a0%`);
  }
}
