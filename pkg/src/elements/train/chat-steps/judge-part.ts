/** "Ask the judge": the score of any answer, while it is being typed. */
import { html, nothing, type TemplateResult } from 'lit';
import { trainWords } from '../../../words/train.js';
import { decimal } from '../../format.js';
import { problemText } from '../../controllers/problem.js';
import { problemBelow } from '../../widgets/parts.js';
import type { ChatDraft } from './draft.js';
import type { ChatSession } from './session.js';

const say = trainWords.chatSteps.reward;

/** Between typing and asking, ms. */
const PAUSE = 200;

/** What the part needs of its view. */
interface Around {
  requestUpdate(): void;
  change(change: Partial<ChatDraft>): void;
  session(): ChatSession | undefined;
  readonly draft: ChatDraft;
}

/** Two boxes and a number. */
export class JudgePart {
  #score: number | undefined;
  #problem: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  /** Whose judge it is. */
  #session: ChatSession | undefined;

  constructor(private readonly around: Around) {}

  clear(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.#score = undefined;
    this.#problem = undefined;
  }

  /** Asks once typing has paused. */
  ask(pause = PAUSE): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), pause);
  }

  async #ask(): Promise<void> {
    const asked = (this.#asked += 1);
    const { scorePrompt, scoreAnswer } = this.around.draft;
    this.#problem = undefined;
    if (!this.#session?.judges || scorePrompt.trim() === '' || scoreAnswer.trim() === '') this.#score = undefined;
    else
      try {
        const score = await this.#session.score(scorePrompt.trim(), scoreAnswer.trim());
        if (asked === this.#asked) this.#score = score;
      } catch (error) {
        if (asked === this.#asked) this.#problem = problemText(error);
      }
    this.around.requestUpdate();
  }

  render(session: ChatSession | undefined): TemplateResult {
    this.#session = session;
    const { scorePrompt, scoreAnswer } = this.around.draft;
    const box = (id: 'scorePrompt' | 'scoreAnswer', label: string, value: string): TemplateResult =>
      html`<div class="field">
        <label for=${id}>${label}</label>
        <textarea
          id=${id}
          dir="auto"
          rows="2"
          .value=${value}
          aria-describedby="score-problem"
          @input=${(event: Event) => {
            this.around.change({ [id]: (event.target as HTMLTextAreaElement).value });
            this.ask();
          }}
        ></textarea>
      </div>`;
    return html`<section class="attempt" aria-labelledby="score-title">
      <h4 id="score-title">${say.score}</h4>
      ${
        session?.judges
          ? html`<div class="boxes">
                ${box('scorePrompt', say.scorePrompt, scorePrompt)} ${box('scoreAnswer', say.scoreAnswer, scoreAnswer)}
              </div>
              ${problemBelow('score', this.#problem)}
              <p id="score" aria-live="polite" class="verdict">
                ${this.#score === undefined ? nothing : say.scored(decimal(this.#score, 2))}
              </p>
              <p class="small muted">${say.scoreAbout}</p>`
          : html`<p class="muted">${say.notYet}</p>`
      }
    </section>`;
  }
}
