/** What is written, with the place for what could have come instead of the token that is looked into. */
import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { writingWords } from '../../words/screens/writing.js';
import type { WritingController, Written } from '../controllers/writing.js';

const say = writingWords;

/** The code of the alternatives, once a token was looked into. */
let alternatives: typeof import('./alternatives.js') | undefined;

/** Shows what could have come instead of a token, unless the reader has left it before the code is there. */
async function lookAt<R extends Written>(writing: WritingController<R>, index: number): Promise<void> {
  const looking = writing.lookAt(index);
  if (alternatives) return looking;
  alternatives = await import('./alternatives.js').catch(() => undefined);
  if (writing.selected === index) await writing.lookAt(index);
}

/** Moves the focus into the alternatives, once they are there. */
async function enter<R extends Written>(writing: WritingController<R>): Promise<void> {
  if (!alternatives) await lookAt(writing, writing.selected);
  await writing.enterAlternatives();
}

/** The stream and the alternatives. */
export function renderWritten<R extends Written>(writing: WritingController<R>, label: string): TemplateResult {
  const { begun, shaded, finishedText } = writing;
  return html`<div class="written" ?hidden=${!begun}>
    <cloze-token-stream
      ${ref(writing.ref)}
      aria-live="off"
      .label=${label}
      .shaded=${shaded}
      @token-select=${(event: CustomEvent<number>) => void lookAt(writing, event.detail)}
      @token-enter=${() => void enter(writing)}
      @token-leave=${() => writing.leave()}
    ></cloze-token-stream>
    <p class="hidden-text" id="whole-text">
      ${finishedText ? say.wholeText(writing.stream?.shownText ?? finishedText) : ''}
    </p>
    <div class="row spread small extra">
      <span class="muted">${say.howToLook}</span>
      <label class="choice small">
        <input
          type="checkbox"
          .checked=${shaded}
          @change=${(event: Event) => (writing.shaded = (event.target as HTMLInputElement).checked)}
        />
        ${say.shade}
      </label>
    </div>
    ${alternatives?.renderAlternatives(writing) ?? nothing}
  </div>`;
}
