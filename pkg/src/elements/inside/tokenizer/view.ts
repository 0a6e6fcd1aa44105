/** The view Tokenizer: a text as several tokenizers cut it, side by side and step by step. */
import { html, nothing, type TemplateResult } from 'lit';
import { insideWords } from '../../../words/inside.js';
import { count, labelled, number, visibleSpaces } from '../../format.js';
import { papers } from '../../papers.js';
import { dataTable } from '../data-table.js';
import { stretchAt, stretches } from '../stretches.js';
import type { Frame, InsideView, Saved } from '../view.js';
import { bytesOf, cutIn, face, hex } from '../../token-bytes.js';
import { compare, isOwn, release, type Cut, type NotCut, type TokenizerResult } from './compare.js';
import { EXAMPLES } from './examples.js';
import { hueOf, kindOf, nameOf } from './names.js';
import { picture, type Walked } from './picture.js';
import { renderSteps, stepsAt } from './steps-view.js';
import { styles } from './styles.js';

const say = insideWords.tokenizer;

const isCut = (cut: Cut | NotCut): cut is Cut => 'tokens' in cut;

export const tokenizer: InsideView<TokenizerResult> = {
  words: say,
  paper: papers.sentencePiece,
  box: 'text',
  live: true,
  styles,
  examples: EXAMPLES,
  get empty() {
    return say.empty;
  },
  // The tokenizer of a model that the reader chose is in the model; the package's own need none.
  needs: (_, chosen) => (isOwn(chosen) ? [] : [chosen]),
  inputs: [],
  perform: (asked) => compare(asked, (id) => say.fetching(say.names[id])),
  release,
  summary: ({ cuts }) =>
    say.summary(cuts.filter(isCut).map((cut) => say.countBy(number(cut.tokens.length), kindOf(cut)))),
  render: (result, frame) =>
    html`<div class="cuts">${result.cuts.map((cut) => renderCut(cut, result.text, frame))}</div>
      ${isOwn(frame.chosen) ? html`<p class="small muted">${say.another}</p>` : nothing}
      ${renderSteps(result.text, result.cuts, frame)} ${dataTable(tableOf(result), say.table)}`,
  saved: (result, frame) => ({
    name: 'tokenizer',
    drawing: picture(result.cuts.filter(isCut), walkedAt(result, frame), say.picture(result.text)),
    table: tableOf(result),
  }),
};

/** The chosen word at the step that is shown. */
function walkedAt({ text, cuts }: TokenizerResult, { state }: Frame): Walked | undefined {
  const chosen = stretchAt(stretches(text), state.at);
  if (!chosen) return undefined;
  const columns = cuts.filter(isCut).map((cut) => ({ cut, steps: stepsAt(cut, chosen) }));
  const last = Math.max(0, ...columns.map(({ steps }) => steps.length - 1));
  const step = Math.min(state.cut, last);
  return {
    title: labelled(chosen.text, `${say.step.toLowerCase()} ${say.stepOf(number(step), number(last))}`),
    rows: columns.map(({ cut, steps }) => ({ cut, pieces: steps[Math.min(step, steps.length - 1)]!.pieces })),
  };
}

function renderCut(cut: Cut | NotCut, text: string, frame: Frame): TemplateResult {
  if (!isCut(cut))
    return html`<section class="cut">
      <h4>${nameOf(cut)}</h4>
      <div class="problem" role="alert">
        <p>${say.notFetched(cut.problem)}</p>
        <button type="button" @click=${() => frame.run()}>${say.again}</button>
      </div>
    </section>`;
  const { tokens } = cut;
  const { normalized, byte_level } = cut.tokenization;
  const bytes = new TextEncoder().encode(text).length;
  const chosen = stretchAt(stretches(text), frame.state.at);
  const here = (start: number, end: number): boolean => !!chosen && start < chosen.end && chosen.start < end;
  const perToken = tokens.length > 0 ? number(bytes / tokens.length, 1) : '–';
  return html`<section class="cut" data-hue=${hueOf(cut)} data-tokens=${cut.id}>
    <h4>${nameOf(cut)}</h4>
    <p class="small muted">${say.countOf(count(tokens.length, 'token'), count(bytes, 'byte'), perToken)}</p>
    ${normalized === text ? nothing : html`<p class="small muted">${say.normalized}: <bdi class="token">${visibleSpaces(normalized)}</bdi></p>`}
    <ol class="tokens">
      ${tokens.map(
        ({ token, id, start, end }) =>
          html`<li class=${here(start, end) ? 'here' : ''} title="${start}–${end}">
            <bdi>${visibleSpaces(face(token, byte_level))}</bdi
            >${joined(token, text.slice(start, end), byte_level)}<small>${id}</small>
          </li>`,
      )}
    </ol>
  </section>`;
}

/** The character that the bytes of a token are part of. */
const joined = (token: string, text: string, byteLevel: boolean): TemplateResult | typeof nothing =>
  byteLevel && cutIn(token, text) !== undefined ? html`<small>→ <bdi>${text}</bdi></small>` : nothing;

const tableOf = ({ text, cuts }: TokenizerResult): Saved['table'] => ({
  columns: say.columns,
  rows: cuts.filter(isCut).flatMap((cut) =>
    cut.tokens.map(({ token, id, start, end }, index) => {
      const part = text.slice(start, end);
      return [nameOf(cut), index, token, id, start, end, part, hex(bytesOf(token, part, cut.tokenization.byte_level))];
    }),
  ),
});
