/** The first step's box: prompts with answers to imitate; and examples and choices as files. */
import { html, type TemplateResult } from 'lit';
import { trainWords } from '../../../words/train.js';
import { count } from '../../format.js';
import { download } from '../../inside/drawing/save.js';
import { problemBelow } from '../../widgets/parts.js';
import type { TrainFrame } from '../view.js';
import { examplesOf, fileText, START, withFile, type ChatDraft } from './draft.js';

const say = trainWords.chatSteps;

/** What the part needs of its view. */
interface Around {
  requestUpdate(): void;
  change(change: Partial<ChatDraft>): void;
  readonly draft: ChatDraft;
  readonly frame: TrainFrame;
}

/** The box and its buttons. */
export class AnswersPart {
  /** What is wrong with a file. */
  #problem: string | undefined;

  constructor(private readonly around: Around) {}

  render(problem: string | undefined): TemplateResult {
    const { supervised, files } = say;
    const { draft } = this.around;
    return html`<div class="field">
        <label for="examples">${supervised.box}</label>
        <textarea
          id="examples"
          dir="auto"
          rows="8"
          .value=${draft.examples}
          aria-invalid=${problem ? 'true' : 'false'}
          aria-describedby="examples-problem examples-about"
          @input=${(event: Event) => this.around.change({ examples: (event.target as HTMLTextAreaElement).value })}
        ></textarea>
        ${problemBelow('examples', problem)}
        <p class="small muted" id="examples-about">${supervised.boxAbout}</p>
      </div>
      <div class="row">
        <button type="button" id="chat-import" aria-describedby="chat-file-problem" @click=${() => this.#pick()}>
          ${files.import}
        </button>
        <button type="button" @click=${() => this.#export()}>${files.exportJson}</button>
        <button
          type="button"
          class="quiet"
          ?disabled=${draft.examples === START.examples}
          @click=${() => this.around.change(withFile(draft, fileText(START))!)}
        >
          ${supervised.reset}
        </button>
      </div>
      ${problemBelow('chat-file', this.#problem)}`;
  }

  #pick(): void {
    const input = Object.assign(document.createElement('input'), { type: 'file', accept: '.json' });
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file) void this.import(file);
    });
    input.click();
  }

  /** Takes what a file has; what was typed stays. */
  async import(file: File): Promise<void> {
    const draft = withFile(this.around.draft, await file.text());
    this.#problem = draft ? undefined : say.files.none;
    if (draft) {
      this.around.change(draft);
      const examples = count(examplesOf(draft.examples).examples.length, 'example');
      this.around.frame.announce(say.files.imported(file.name, examples, count(draft.choices.length, 'choice')));
    }
    this.around.requestUpdate();
  }

  #export(): void {
    download(new Blob([fileText(this.around.draft)], { type: 'application/json' }), 'chat-steps.json');
    this.around.frame.announce(say.files.exported('chat-steps.json'));
  }
}
