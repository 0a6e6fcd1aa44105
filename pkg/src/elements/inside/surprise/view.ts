/** The view How surprised: how much each token of some sentences surprises the model. */
import { html, nothing, type TemplateResult } from 'lit';
import { insideWords } from '../../../words/inside.js';
import { commas, count, labelled, number, percent } from '../../format.js';
import { papers } from '../../papers.js';
import { barTable, choice, factList, type BarRow } from '../../widgets/parts.js';
import { rove } from '../../widgets/roving.js';
import { dataTable } from '../data-table.js';
import { hueOf } from '../drawing/drawing.js';
import type { Frame, InsideView, Saved } from '../view.js';
import { EXAMPLES } from './examples.js';
import { picture } from './picture.js';
import { ORDERS } from './schema.js';
import {
  DARKEST,
  joins,
  ranked,
  score,
  SHADES,
  shadeOf,
  shown,
  type Scored,
  type Sentence,
  type SurpriseResult,
} from './score.js';
import { styles } from './styles.js';

const say = insideWords.surprise;

/** A figure that may not be there. */
const figure = (value: number | null, digits: number): string => (value === null ? '–' : number(value, digits));

export const surprise: InsideView<SurpriseResult> = {
  words: say,
  paper: papers.scoring,
  box: 'lines',
  styles,
  examples: EXAMPLES,
  get empty() {
    return say.empty;
  },
  needs: (_, chosen) => [chosen],
  inputs: ['own'],
  perform: (asked) =>
    score(asked, {
      sentence: (at, of, share) => say.scoring(number(at), number(of), percent(share)),
      tokens: (scored) => say.scored(count(scored, 'token')),
    }),
  summary({ sentences }, { state }) {
    const [best] = ranked(sentences, state.order);
    if (!best) return '';
    const { text, perplexity, total } = best.sentence;
    return sentences.length > 1
      ? say.summary(count(sentences.length, 'sentence'), text)
      : say.summaryOne(figure(perplexity, 1), say.bits(number(total, 1)));
  },
  render(result, frame) {
    const order = ranked(result.sentences, frame.state.order);
    return html`<div class="surprise ${hueOf(result.reads)}">
      ${order.length > 1 ? renderRanking(order, result, frame) : nothing} ${renderScale()}
      ${order.map(({ sentence, index }, place) => renderSentence({ sentence, index, place: order.length > 1 ? place + 1 : 0 }, result, frame))}
      ${dataTable(tableOf(result), say.table)}
    </div>`;
  },
  saved: (result, frame) => savedOf(result, frame),
};

function renderRanking(
  order: readonly { sentence: Sentence; index: number }[],
  { reads }: SurpriseResult,
  frame: Frame,
): TemplateResult {
  const { state } = frame;
  // Where it is narrow, the figure that ranks is enough: each sentence has all of them below.
  const ranks = state.order === 'text' ? 'perplexity' : state.order;
  const less = (key: string): string => (key === ranks ? '' : 'less');
  return html`<div class="field">
    <fieldset class="field">
      <legend>${say.sortBy}</legend>
      <div class="choices">
        ${ORDERS.map((one) =>
          choice({
            name: 'order',
            label: say.orders[one],
            checked: state.order === one,
            choose: () => frame.change({ order: one }),
          }),
        )}
      </div>
    </fieldset>
    <div class="scroll">
      <table class="ranking">
        <caption>
          ${say.ranking}
        </caption>
        <thead>
          <tr>
            <th scope="col"><span class="hidden-text">${say.ranking}</span></th>
            <th scope="col">${say.sentence}</th>
            ${figuresOf(reads).map(
              ([key, name]) =>
                html`<th
                  scope="col"
                  class="number ${less(key)}"
                  aria-sort=${state.order === key ? 'ascending' : nothing}
                >
                  ${name}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${order.map(
            ({ sentence }, place) =>
              html`<tr>
                <td>${place + 1}.</td>
                <th scope="row" dir="auto">${sentence.text}</th>
                <td class="number ${less('perplexity')}">${figure(sentence.perplexity, 1)}</td>
                <td class="number ${less('total')}">${number(sentence.total, 1)}</td>
                <td class="number ${less('bytes')}">${figure(sentence.perByte, 2)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}

const figuresOf = (reads: SurpriseResult['reads']) =>
  [
    ['perplexity', say.perplexity[hueOf(reads)]],
    ['total', say.totalBits],
    ['bytes', say.bitsPerByte],
  ] as const;

/** What the shades mean. */
const renderScale = (): TemplateResult =>
  html`<p class="scale small" aria-label=${say.scale}>
    ${Array.from({ length: SHADES / 2 + 1 }, (_, step) => {
      const bits = (step * 2 * DARKEST) / SHADES;
      return html`<span class="s${step * 2}">${step * 2 === SHADES ? `${bits}+` : bits}</span>`;
    })}
    <span class="muted">${say.scaleUnit}</span>
  </p>`;

/** A sentence with its place in the text, and in the ranking; 0 where there is none. */
interface Placed {
  readonly sentence: Sentence;
  readonly index: number;
  readonly place: number;
}

function renderSentence({ sentence, index, place }: Placed, { reads }: SurpriseResult, frame: Frame): TemplateResult {
  const { state } = frame;
  const here = state.sentence === index;
  const chosen = here ? Math.min(state.token, sentence.tokens.length - 1) : -1;
  const choose = (token: number): void => {
    if (!here || chosen !== token) frame.change({ sentence: index, token });
  };
  const buttons = (event: Event): HTMLElement[] => [
    ...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button'),
  ];
  const { perplexity, total, perByte, tokens } = sentence;
  const judged = tokens.filter(({ bits }) => !Number.isNaN(bits)).length;
  const facts: [string, string][] = [
    [say.perplexity[hueOf(reads)], figure(perplexity, 1)],
    [say.totalBits, number(total, 1)],
    [say.bitsPerByte, figure(perByte, 2)],
    [say.bitsPerToken, judged > 0 ? number(total / judged, 2) : '–'],
    ...(reads === 'both' ? ([[say.pll, say.nats(number(-total * Math.LN2, 2))]] as [string, string][]) : []),
  ];
  return html`<section class="one">
    ${place > 0 ? html`<h4 class="place">${place}.<span class="hidden-text"> ${sentence.text}</span></h4>` : nothing}
    <div
      class="tokens-row"
      role="group"
      dir="auto"
      aria-label=${say.tokensOf(sentence.text)}
      @keydown=${(event: KeyboardEvent) => rove(event, buttons(event))}
      @focusin=${(event: FocusEvent) => choose(Math.max(0, buttons(event).indexOf(event.target as HTMLElement)))}
      @click=${(event: Event) => (event.target as HTMLElement).closest('button')?.focus()}
    >
      ${tokens.map((token, at) => renderToken(token, joins(tokens, at), at === chosen, at === Math.max(0, chosen)))}
    </div>
    <div aria-live="polite">${here && tokens[chosen] ? renderDetail(tokens[chosen]) : nothing}</div>
    ${factList(facts)}
  </section>`;
}

const renderToken = (token: Scored, joined: boolean, chosen: boolean, tabStop: boolean): TemplateResult => {
  const { bits } = token;
  const first = Number.isNaN(bits);
  return html`<button
    type="button"
    class="s${shadeOf(bits)} ${joined ? 'joins' : ''}"
    tabindex=${tabStop ? '0' : '-1'}
    aria-pressed=${chosen ? 'true' : 'false'}
  >
    <bdi>${shown(token)}</bdi>
    <small>${first ? '–' : number(bits, 1)} <span class="hidden-text">${first ? say.first : say.unit}</span></small>
  </button>`;
};

function renderDetail(token: Scored): TemplateResult {
  const { bits, rank, top } = token;
  const text = shown(token);
  if (Number.isNaN(bits)) return html`<p class="detail">${say.firstAbout}</p>`;
  const probability = 2 ** -bits;
  const isHere = (index: number): boolean => index + 1 === rank;
  const rows: BarRow[] = top.map((guess, index) => ({
    label: guess.token,
    score: guess.probability,
    chosen: isHere(index),
  }));
  if (rank > top.length) rows.push({ label: text, score: probability, chosen: true });
  const place = rank === 1 ? say.firstGuess : say.rank(number(rank));
  return html`<div class="detail">
    <p>
      <strong><bdi>${text}</bdi></strong
      >${labelled('', '')}${say.detail(number(bits, 2), percent(probability), place)}
    </p>
    ${barTable({
      caption: say.expected,
      of: say.token,
      rows: rows.map((row) =>
        row.chosen ? { ...row, label: html`<strong>${row.label}</strong> (${say.here})` } : row,
      ),
    })}
  </div>`;
}

const tableOf = ({ sentences }: SurpriseResult): Saved['table'] => ({
  columns: say.columns,
  rows: sentences.flatMap(({ tokens }, index) =>
    tokens.map((token) => {
      const { start, end, bits, rank, top } = token;
      const [best] = top;
      const judged = !Number.isNaN(bits);
      return [
        index + 1,
        shown(token),
        start,
        end,
        judged ? bits : '',
        judged ? 2 ** -bits : '',
        judged ? rank : '',
        best?.token ?? '',
        best?.probability ?? '',
      ];
    }),
  ),
});

function savedOf(result: SurpriseResult, { state }: Frame): Saved {
  const hue = hueOf(result.reads);
  const sentences = ranked(result.sentences, state.order).map(({ sentence }, place) => ({
    sentence,
    caption: `${place + 1}. ${commas(`${say.perplexity[hue]} ${figure(sentence.perplexity, 1)}`, say.bits(number(sentence.total, 1)))}`,
  }));
  const title = say.picture(count(sentences.length, 'sentence'));
  return {
    name: 'surprise',
    drawing: picture(sentences, { hue, title, scale: say.scaleUnit }),
    table: tableOf(result),
  };
}
