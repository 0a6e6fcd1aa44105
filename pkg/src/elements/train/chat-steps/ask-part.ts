/** "Ask it yourself": any prompt, answered by the model as it is now. */
import { html, nothing, type TemplateResult } from 'lit';
import { trainWords } from '../../../words/train.js';
import { bytesShown } from '../../format.js';
import type { ChatDraft } from './draft.js';
import type { ChatSession } from './session.js';

const say = trainWords.chatSteps.samples;

/** What the part needs of its view. */
interface Around {
  requestUpdate(): void;
  change(change: Partial<ChatDraft>): void;
  session(): ChatSession | undefined;
  readonly draft: ChatDraft;
}

/** A box and an answer. */
export class AskPart {
  #answer: { readonly prompt: string; readonly text: string } | undefined;

  constructor(private readonly around: Around) {}

  clear(): void {
    this.#answer = undefined;
  }

  render(busy: boolean): TemplateResult {
    const { ask } = this.around.draft;
    return html`<section class="attempt" aria-labelledby="ask-title">
      <h4 id="ask-title">${say.ask}</h4>
      <div class="field">
        <label for="ask">${say.askBox}</label>
        <div class="with-control">
          <input
            type="text"
            id="ask"
            dir="auto"
            .value=${ask}
            @input=${(event: Event) => this.around.change({ ask: (event.target as HTMLInputElement).value })}
          />
          <button type="button" id="ask-now" ?disabled=${busy || ask.trim() === ''} @click=${() => void this.#ask()}>
            ${say.askButton}
          </button>
        </div>
      </div>
      <div aria-live="polite" id="asked">
        ${
          this.#answer
            ? html`<p class="small muted"><bdi>${this.#answer.prompt}</bdi></p>
                <p class="sentence"><bdi>${bytesShown(this.#answer.text) || say.nothing}</bdi></p>`
            : nothing
        }
      </div>
    </section>`;
  }

  async #ask(): Promise<void> {
    const prompt = this.around.draft.ask.trim();
    const session = this.around.session();
    if (!session) return;
    const text = await session.answer(prompt);
    if (session.state === 'idle') this.#answer = { prompt, text };
    this.around.requestUpdate();
  }
}
