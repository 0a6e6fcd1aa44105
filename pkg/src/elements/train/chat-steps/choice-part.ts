/** The reader's choices between two answers. */
import { html, nothing, type TemplateResult } from 'lit';
import { trainWords } from '../../../words/train.js';
import { count, number } from '../../format.js';
import { problemBelow } from '../../widgets/parts.js';
import type { ChatDraft } from './draft.js';
import type { ChatSession } from './session.js';

const say = trainWords.chatSteps.reward;

/** What the part needs of its view. */
interface Around {
  requestUpdate(): void;
  change(change: Partial<ChatDraft>): void;
  session(): ChatSession | undefined;
  prompts(): readonly string[];
  readonly draft: ChatDraft;
}

/** Two answers that wait for a choice. */
interface Waiting {
  readonly prompt: string;
  readonly answers: readonly [string, string];
}

/** Pairs are written, chosen from, and listed. */
export class ChoicePart {
  #waiting: Waiting | undefined;
  #problem: string | undefined;
  /** Pairs that were asked for: which prompt's turn it is, and the seed. */
  #asked = 0;
  /** Once a pair stands there, its first button is focused: choosing goes on from the keyboard. */
  #focus = false;

  constructor(private readonly around: Around) {
    // Seeds go on where the choices of an earlier visit ended.
    this.#asked = around.draft.choices.length;
  }

  render(session: ChatSession | undefined, problem: string | undefined): TemplateResult {
    const { draft } = this.around;
    const busy = session?.taken ?? false;
    return html`<div class="field">
        <label for="prompts">${say.prompts}</label>
        <textarea
          id="prompts"
          dir="auto"
          rows="4"
          .value=${draft.prompts}
          aria-describedby="prompts-about"
          @input=${(event: Event) => this.around.change({ prompts: (event.target as HTMLTextAreaElement).value })}
        ></textarea>
        <p class="small muted" id="prompts-about">${say.promptsAbout}</p>
      </div>
      <div class="field">
        <div class="row">
          <button
            type="button"
            id="write"
            aria-describedby="write-problem"
            ?disabled=${busy}
            @click=${() => void this.#write()}
          >
            ${say.write}
          </button>
        </div>
        ${problemBelow('write', problem ?? this.#problem)}
        <p class="small muted">${say.hint}</p>
      </div>
      ${this.#waiting ? this.#renderPair(this.#waiting, busy) : nothing} ${this.#renderChoices()}`;
  }

  #renderPair({ prompt, answers }: Waiting, busy: boolean): TemplateResult {
    const names = ['A', 'B'] as const;
    return html`<div class="pair" role="group" aria-label=${prompt}>
      <p><span class="small muted">${say.prompt}</span> <bdi>${prompt}</bdi></p>
      <div class="boxes">
        ${names.map(
          (name, at) =>
            html`<div class="candidate-answer">
              <p class="label">${say.answer(name)}</p>
              <p class="sentence" id="answer-${at}">
                <bdi>${answers[at] || trainWords.chatSteps.samples.nothing}</bdi>
              </p>
              <button
                type="button"
                id="better-${at}"
                aria-describedby="answer-${at}"
                ?disabled=${busy}
                @click=${() => void this.#choose(at as 0 | 1)}
              >
                ${say.better(name)}
              </button>
            </div>`,
        )}
      </div>
      <div class="row">
        <button type="button" class="quiet" id="skip" ?disabled=${busy} @click=${() => void this.#write()}>
          ${say.skip}
        </button>
      </div>
    </div>`;
  }

  #renderChoices(): TemplateResult {
    const { choices } = this.around.draft;
    if (choices.length === 0) return html`${nothing}`;
    const remove = (index: number): void => this.around.change({ choices: choices.filter((_, at) => at !== index) });
    return html`<p id="choices">${say.choices(count(choices.length, 'choice'))}</p>
      <details>
        <summary>${say.all}</summary>
        <div class="inside scroll" tabindex="0" role="group" aria-label=${say.all}>
          <table class="stacks">
            <thead>
              <tr>
                ${[say.prompt, say.chosen, say.rejected].map((name) => html`<th scope="col">${name}</th>`)}
                <td></td>
              </tr>
            </thead>
            <tbody>
              ${choices.map(
                ({ prompt, chosen, rejected }, at) =>
                  html`<tr>
                    <th scope="row" data-column=${say.prompt}><bdi>${prompt}</bdi></th>
                    <td data-column=${say.chosen}><bdi>${chosen}</bdi></td>
                    <td data-column=${say.rejected}><bdi>${rejected}</bdi></td>
                    <td>
                      <button
                        type="button"
                        class="chip"
                        aria-label=${say.removeChoice(number(at + 1))}
                        @click=${() => remove(at)}
                      >
                        ${say.remove}
                      </button>
                    </td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </details>`;
  }

  /** After the view was drawn: where the focus goes. */
  focusOn(root: ParentNode): void {
    if (!this.#focus || !this.#waiting) return;
    this.#focus = false;
    root.querySelector<HTMLElement>('#better-0')?.focus();
  }

  async #write(): Promise<void> {
    const prompts = this.around.prompts();
    this.#problem = undefined;
    const prompt = prompts[this.#asked % prompts.length];
    if (prompt === undefined) {
      this.#problem = trainWords.chatSteps.troubles.noPrompts;
      return this.around.requestUpdate();
    }
    const session = this.around.session();
    if (!session || session.taken) return;
    this.#asked += 1;
    const answers = await session.twoAnswers(prompt, 1 + 100 * this.#asked);
    if (session.state === 'idle') {
      this.#waiting = answers && { prompt, answers };
      this.#problem = answers ? undefined : say.alike;
      this.#focus = answers !== undefined;
    }
    this.around.requestUpdate();
  }

  async #choose(better: 0 | 1): Promise<void> {
    if (!this.#waiting) return;
    const { prompt, answers } = this.#waiting;
    const chosen = answers[better];
    const rejected = answers[better === 0 ? 1 : 0];
    this.#waiting = undefined;
    this.around.change({ choices: [...this.around.draft.choices, { prompt, chosen, rejected }] });
    await this.#write();
  }
}
