/** BERT that learns NSP: whether B follows A, asked of the run as it is. */
import { html, nothing, type TemplateResult } from 'lit';
import { live as liveValue } from 'lit/directives/live.js';
import { trainWords } from '../../../words/train.js';
import { number, percent } from '../../format.js';
import { problemBelow } from '../../widgets/parts.js';
import type { LiveRun } from '../runs.js';
import type { Desk, Part } from './desk.js';

const say = trainWords.run.pair;

/** The pair. */
export class PairPart implements Part {
  a = '';
  b = '';
  #answer = '';

  constructor(private readonly desk: Desk) {}

  render({ run }: LiveRun): TemplateResult | typeof nothing {
    const { architecture, bert } = run.info.settings;
    if (architecture !== 'bert' || !bert.nsp) return nothing;
    const field = (key: 'a' | 'b'): TemplateResult =>
      html`<div class="field grow">
        <label for="pair-${key}">${say[key]}</label>
        <input
          type="text"
          id="pair-${key}"
          dir="auto"
          .value=${liveValue(this[key])}
          aria-describedby="pair-problem"
          @input=${(event: Event) => (this[key] = (event.target as HTMLInputElement).value)}
        />
      </div>`;
    const ask = async (): Promise<void> => {
      this.desk.clear('pair');
      try {
        const step = run.steps_done;
        const { is_next_probability } = await run.next_sentence(this.a, this.b);
        this.#answer = say.answer(percent(is_next_probability), number(step));
        this.desk.host.requestUpdate();
      } catch (error) {
        this.desk.fail(error, 'pair');
      }
    };
    return html`<details class="part">
      <summary>${say.title}</summary>
      <div class="inside">
        <p class="small muted">${say.about}</p>
        <div class="controls">
          ${field('a')} ${field('b')}
          <button type="button" id="pair-ask" @click=${() => void ask()}>${say.ask}</button>
        </div>
        ${problemBelow('pair', this.desk.problem('pair'))}
        <p aria-live="polite">${this.#answer}</p>
      </div>
    </details>`;
  }
}
