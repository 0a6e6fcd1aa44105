/** What could have come instead of the token that is looked into. Fetched when the first one is. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Alternative, GeneratedToken } from '../../index.js';
import { writingWords } from '../../words/screens/writing.js';
import type { WritingController, Written } from '../controllers/writing.js';
import { cutsCharacter, percent, probabilityOf, spokenToken, visibleSpaces } from '../format.js';
import { barTable, code } from './parts.js';

const say = writingWords;

/** What could have come; nothing while no token is looked into. */
export function renderAlternatives<R extends Written>(writing: WritingController<R>): TemplateResult | typeof nothing {
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
