/** What stood there, who guessed it, the losses, and the score. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ChosenToken } from '../../../index.js';
import { insideWords } from '../../../words/inside.js';
import { count, labelled, number, percent } from '../../format.js';
import { barTable, code, measured } from '../../widgets/parts.js';
import type { Saved } from '../view.js';
import { isRight, lossOf, nspLoss, scoreOf, type MaskingResult, type Stage } from './game.js';

const say = insideWords.masking;

/** The answers of the model beside the reader's. */
export function renderAnswers(result: MaskingResult): TemplateResult {
  const { game, guesses } = result;
  const { you, model, of } = scoreOf(result);
  return html`<section class="answers" aria-labelledby="score-title">
    <h4 id="score-title" tabindex="-1">${say.result}</h4>
    <dl class="score">
      <div>
        <dt>${say.you}</dt>
        <dd>${say.score(number(you), number(of))}</dd>
      </div>
      <div>
        <dt>${say.model}</dt>
        <dd>${say.score(number(model), number(of))}</dd>
      </div>
    </dl>
    <div class="scroll" tabindex="0" role="group" aria-label=${say.table}>
      <table>
        <thead>
          <tr>
            ${[say.number, say.stood, say.shown, say.yourGuess, say.modelGuess, say.probability].map((name) => html`<th scope="col">${name}</th>`)}
            <th scope="col" class="number">${say.loss}</th>
          </tr>
        </thead>
        <tbody>
          ${game.chosen.map((one, index) => renderChosen(one, index, guesses.words[index] ?? '', game.input_tokens[one.index]!))}
          ${renderPair(result)}
        </tbody>
      </table>
    </div>
    ${renderLosses(result)}
    <details>
      <summary>${say.candidates}</summary>
      <div class="inside readers">
        ${game.chosen.map(({ top, token }, index) =>
          barTable({
            caption: say.guesses(number(index + 1)),
            of: say.modelGuess,
            rows: top.map((guess) => ({ label: guess.token, score: guess.probability, chosen: guess.token === token })),
          }),
        )}
      </div>
    </details>
  </section>`;
}

/** A verdict in a sign and, for those who do not see it, a word. */
const verdict = (right: boolean): TemplateResult =>
  html`<span class=${right ? 'right' : 'wrong'}
    ><span aria-hidden="true">${right ? '✓' : '✗'}</span
    ><span class="hidden-text">${right ? say.right : say.wrong}</span></span
  >`;

const renderChosen = (one: ChosenToken, index: number, guess: string, shown: string): TemplateResult => {
  const { token, kind, top, rank, probability, loss } = one;
  return html`<tr>
    <td>${index + 1}</td>
    <th scope="row"><bdi class="token">${token}</bdi></th>
    <td><bdi class="token">${shown}</bdi> <span class="small muted">${say.kinds[kind]}</span></td>
    <td>
      ${guess.trim() === '' ? html`<span class="muted">${say.noGuess}</span>` : html`${verdict(isRight(guess, one))} <bdi>${guess}</bdi>`}
    </td>
    <td>${verdict(rank === 1)} ${code(top[0]?.token ?? '')}</td>
    <td class="wide">${measured(probability)}<span class="small muted">${say.rank(number(rank))}</span></td>
    <td class="number">${number(loss, 3)}</td>
  </tr>`;
};

function renderPair({
  game: { nsp },
  pair: { follows },
  guesses,
  judges,
}: MaskingResult): TemplateResult | typeof nothing {
  if (!judges || !nsp) return nothing;
  const said = (yes: boolean): string => (yes ? say.truth.next : say.truth.random);
  const model = nsp.is_next_probability > 0.5;
  const { follows: guess } = guesses;
  return html`<tr>
    <td></td>
    <th scope="row">${labelled(say.pairRow, said(follows))}</th>
    <td></td>
    <td>
      ${guess === undefined ? html`<span class="muted">${say.noGuess}</span>` : html`${verdict(guess === follows)} ${said(guess)}`}
    </td>
    <td>${verdict(model === follows)} ${said(model)}</td>
    <td class="wide">${measured(follows ? nsp.is_next_probability : 1 - nsp.is_next_probability)}</td>
    <td class="number">${number(follows ? nsp.loss_if_next : nsp.loss_if_random, 3)}</td>
  </tr>`;
}

const renderLosses = (result: MaskingResult): TemplateResult =>
  html`<ul class="losses">
    ${lossLines(result).map((line, index, all) => html`<li>${index === all.length - 1 ? html`<strong>${line}</strong>` : line}</li>`)}
  </ul>`;

/** Each loss, and their sum. */
export function lossLines(result: MaskingResult): string[] {
  const { game, pair, judges } = result;
  const second = nspLoss(result);
  const sum = lossOf(result);
  const truth = game.nsp && (pair.follows ? game.nsp.is_next_probability : 1 - game.nsp.is_next_probability);
  const lines: string[] = [];
  if (game.mlm_loss !== null) lines.push(say.mlmLoss(number(game.mlm_loss, 3), count(game.chosen.length, 'token')));
  if (judges && second !== undefined && truth !== null) lines.push(say.nspLoss(number(second, 3), percent(truth)));
  else lines.push(say.noNsp);
  if (sum !== undefined) lines.push(say.sum(number(sum, 3)));
  return lines;
}

/** What is known at a stage: nothing that the reader has still to guess. */
export function tableOf(result: MaskingResult, { name, replaced }: Stage): Saved['table'] {
  const { game, guesses } = result;
  const solved = name === 'answer';
  const rows = game.chosen.map((one, index) => {
    const piece = game.tokens[one.index]!.sequence === 1 ? say.pieces.b : say.pieces.a;
    const shown = index < replaced ? game.input_tokens[one.index]! : '';
    const { token, kind, top, probability, rank, loss } = one;
    return solved
      ? [index + 1, piece, token, kind, shown, guesses.words[index] ?? '', top[0]?.token ?? '', probability, rank, loss]
      : [index + 1, piece, '', '', shown, guesses.words[index] ?? '', '', '', '', ''];
  });
  const { nsp } = game;
  if (!solved || !nsp) return { columns: say.columns, rows };
  const { follows } = result.pair;
  const said = (yes: boolean | undefined): string => (yes === undefined ? '' : yes ? say.truth.next : say.truth.random);
  const right = follows ? nsp.is_next_probability : 1 - nsp.is_next_probability;
  const model = nsp.is_next_probability > 0.5;
  const pair = [
    '',
    say.pairRow,
    said(follows),
    '',
    '',
    said(guesses.follows),
    said(model),
    right,
    '',
    nspLoss(result)!,
  ];
  return { columns: say.columns, rows: [...rows, pair] };
}
