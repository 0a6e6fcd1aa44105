/** What is written, and below it what could have come instead of the token that is looked into. */
import { html, nothing, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import type { Alternative, GeneratedToken } from '../../index.js';
import { writingWords } from '../../words/screens/writing.js';
import type { LinkController } from '../controllers/link.js';
import type { WritingController, Written } from '../controllers/writing.js';
import { cutsCharacter, percent, probabilityOf, spokenToken, visibleSpaces } from '../format.js';
import { MOST_SEED, numberSetting } from './number-setting.js';
import { barTable, code } from './parts.js';

const say = writingWords;

/** The stream and the alternatives. */
export function renderWritten<R extends Written>(writing: WritingController<R>, label: string): TemplateResult {
  const { begun, shaded, finishedText } = writing;
  return html`<div class="written" ?hidden=${!begun}>
    <cloze-token-stream
      ${ref(writing.ref)}
      aria-live="off"
      .label=${label}
      .shaded=${shaded}
      @token-select=${(event: CustomEvent<number>) => void writing.lookAt(event.detail)}
      @token-enter=${() => void writing.enterAlternatives()}
      @token-leave=${() => writing.leave()}
    ></cloze-token-stream>
    <p class="hidden-text" id="whole-text">${finishedText ? say.wholeText(finishedText) : ''}</p>
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
    ${renderAlternatives(writing)}
  </div>`;
}

function renderAlternatives<R extends Written>(writing: WritingController<R>): TemplateResult | typeof nothing {
  const { selected, stream, parts } = writing;
  const token = stream?.tokens[selected];
  if (!token) return nothing;
  const canContinue = parts.canContinue();
  const rows = withItself(token);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    stream.focusToken(selected);
  };
  const choose = (index: number): void => {
    if (rows[index]!.id !== token.id) parts.continueFrom(selected, rows[index]!);
  };
  return html`<div
    class="alternatives"
    role="group"
    aria-label=${say.alternativesTo(spokenToken(token.token))}
    @keydown=${onKey}
  >
    <div class="row spread">
      <p class="small">
        ${say.wrote(code(face(token)), percent(probabilityOf(token.logprob)))}${canContinue ? say.chooseAnother : ''}
      </p>
      <button type="button" class="quiet" aria-label=${say.closeAlternatives} @click=${() => writing.leave()}>✕</button>
    </div>
    ${barTable({
      caption: html`<span class="hidden-text">${say.couldHaveCome}</span>`,
      of: say.token,
      rows: rows.map((one) => ({
        label: canContinue ? visibleSpaces(one.token) : code(visibleSpaces(one.token)),
        spoken: (one.id === token.id ? say.writtenHere : say.continueWith)(spokenToken(one.token)),
        score: probabilityOf(one.logprob),
        chosen: one.id === token.id,
        // Half a character cannot be typed on.
        disabled: cutsCharacter(one.token),
      })),
      ...(canContinue ? { choose } : {}),
    })}
  </div>`;
}

/** A token that was written; of one that ends a character, its bytes and the character that they are part of. */
const face = ({ token, text }: GeneratedToken): string =>
  cutsCharacter(token) && text !== '' ? `${visibleSpaces(token)} → ${visibleSpaces(text)}` : visibleSpaces(token);

/** The likeliest tokens of a place, and the one that was written there, if it is none of them. */
const withItself = ({ id, token, logprob, top }: GeneratedToken): readonly Alternative[] =>
  top.some((one) => one.id === id) ? top : [...top, { id, token, logprob }];

/** The setting for the seed; `disabled` where nothing is drawn by chance. */
export function seedSetting<S extends { seed: number | null }>(
  link: LinkController<S>,
  disabled: boolean,
): TemplateResult {
  return numberSetting({
    id: 'seed',
    label: say.seed,
    about: say.seedAbout,
    value: link.current.seed,
    min: 0,
    max: MOST_SEED,
    step: 1,
    optional: true,
    placeholder: say.seedPlaceholder,
    disabled,
    problem: link.refusal('seed'),
    change: (seed) => link.change({ seed } as Partial<S>),
    refuse: (why) => link.refuse('seed', why),
  });
}
