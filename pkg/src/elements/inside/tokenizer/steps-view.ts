/** One word, cut step by step by every tokenizer at once. */
import { html, nothing, type TemplateResult } from 'lit';
import { insideWords } from '../../../words/inside.js';
import { labelled, number, visibleSpaces } from '../../format.js';
import { code } from '../../widgets/parts.js';
import type { Frame } from '../view.js';
import { face, hex } from '../../token-bytes.js';
import type { Cut, NotCut } from './compare.js';
import { stretchAt, stretches, stretchPicker, type Stretch } from '../stretches.js';
import { stepsOf, wordsAt, type Deed, type Piece, type Step } from './cut.js';
import { hueOf, nameOf } from './names.js';

const say = insideWords.tokenizer;

/** The words to choose from, the steps to walk, and where each tokenizer is. */
export function renderSteps(
  text: string,
  cuts: readonly (Cut | NotCut)[],
  frame: Frame,
): TemplateResult | typeof nothing {
  const all = stretches(text);
  const chosen = stretchAt(all, frame.state.at);
  if (!chosen) return nothing;
  const columns = cuts
    .filter((cut): cut is Cut => 'tokens' in cut)
    .map((cut) => ({ cut, steps: stepsAt(cut, chosen) }));
  const last = Math.max(0, ...columns.map(({ steps }) => steps.length - 1));
  const step = Math.min(frame.state.cut, last);
  const choose = ({ start }: Stretch): void => {
    if (start !== chosen.start) frame.change({ at: start, cut: 0 });
  };
  return html`<section class="stepwise">
    ${stretchPicker({ id: 'stretches', label: say.chooseWord, all, chosen, follow: true, choose })}
    ${renderWalk(step, last, frame)}
    <div class="cuts">${columns.map(({ cut, steps }) => renderColumn(cut, steps, step, chosen))}</div>
  </section>`;
}

/** The steps of the words that a stretch touches. */
export const stepsAt = ({ tokenization }: Cut, { start, end }: Stretch): Step[] =>
  stepsOf(wordsAt(tokenization, start, end), tokenization.byte_level);

function renderWalk(step: number, last: number, frame: Frame): TemplateResult {
  const go = (to: number): void => frame.change({ cut: Math.min(last, Math.max(0, to)) });
  const button = (to: number, name: string, sign: string, off: boolean): TemplateResult =>
    html`<button type="button" aria-label=${name} title=${name} ?disabled=${off} @click=${() => go(to)}>
      <span aria-hidden="true">${sign}</span>
    </button>`;
  return html`<div class="field walk">
    <label for="cut">${say.step} <span class="muted">${say.stepOf(number(step), number(last))}</span></label>
    <div class="row">
      ${button(0, say.start, '⇤', step === 0)} ${button(step - 1, say.previous, '←', step === 0)}
      <input
        id="cut"
        type="range"
        min="0"
        max=${last}
        step="1"
        aria-describedby="cut-about"
        .value=${String(step)}
        @input=${(event: Event) => go((event.target as HTMLInputElement).valueAsNumber)}
      />
      ${button(step + 1, say.next, '→', step === last)} ${button(last, say.end, '⇥', step === last)}
    </div>
    <p class="small muted" id="cut-about">${say.stepAbout}</p>
  </div>`;
}

function renderColumn(cut: Cut, steps: readonly Step[], step: number, { start, end }: Stretch): TemplateResult {
  const at = Math.min(step, steps.length - 1);
  const { deed, pieces } = steps[at]!;
  const over = at === steps.length - 1;
  const words = wordsAt(cut.tokenization, start, end);
  return html`<section class="cut" data-hue=${hueOf(cut)} data-cut=${cut.id}>
    <h4>${nameOf(cut)}</h4>
    <p class="small muted">${say.bytes}: <span class="token">${hex(words.flatMap(({ bytes }) => bytes))}</span></p>
    <ol class="tokens steps-pieces" aria-label=${say.soFar}>
      ${pieces.map((piece) => renderPiece(piece, cut.tokenization.byte_level))}
    </ol>
    <p class="deed" aria-live="polite">
      ${renderDeed(deed, cut.tokenization.byte_level)} ${over && at > 0 ? html`<strong>${say.done}</strong>` : nothing}
    </p>
    ${over ? html`<p class="small muted">${labelled(say.ids, '')}<span class="token">${words.flatMap(({ ids }) => ids).join(', ')}</span></p>` : nothing}
    ${
      at > 1
        ? html`<details>
            <summary>${say.history} <span class="muted">(${at - 1})</span></summary>
            <ol class="inside small" start="1">
              ${steps.slice(1, at).map((one) => html`<li>${renderDeed(one.deed, cut.tokenization.byte_level)}</li>`)}
            </ol>
          </details>`
        : nothing
    }
  </section>`;
}

const renderPiece = ({ text, state }: Piece, byteLevel: boolean): TemplateResult =>
  html`<li class=${state}><bdi>${visibleSpaces(face(text, byteLevel && state !== 'rest'))}</bdi></li>`;

function renderDeed(deed: Deed, byteLevel: boolean): TemplateResult {
  const piece = (text: string): TemplateResult => code(visibleSpaces(face(text, byteLevel)));
  switch (deed.kind) {
    case 'start':
      return html`${say.begin}`;
    case 'try':
      return html`${say.tried(piece(deed.piece), deed.found)}`;
    case 'symbols':
      return html`${deed.bytes ? say.bytesFirst : say.symbols}`;
    case 'merge':
      return html`${say.merge(piece(deed.left), piece(deed.right), number(deed.rank + 1))}`;
    case 'stay':
      return html`${say.noMerge}`;
    case 'weigh':
      return html`${say.lattice(piece(deed.piece), number(deed.score, 2), number(deed.total, 2), deed.best)}`;
    case 'path':
      return html`${say.path}`;
    case 'whole':
      return html`${say.whole}`;
    case 'unknown':
      return html`${say.unknown}`;
    case 'hidden':
      return html`${say.notShown}`;
  }
}
