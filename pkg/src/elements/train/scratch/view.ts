/** From scratch: a text, a model, a size, and what comes of it. */
import { html, LitElement, type CSSResultGroup, type TemplateResult } from 'lit';
import { shared } from '../../styles/index.js';
import type { TrainFrame, TrainView } from '../view.js';

/** The view. */
export class ScratchView extends LitElement implements TrainView {
  static override styles: CSSResultGroup = [shared];

  declare frame: TrainFrame;

  takeSet(_set: string): void {}

  async run(): Promise<void> {}

  protected override render(): TemplateResult {
    return html``;
  }
}
