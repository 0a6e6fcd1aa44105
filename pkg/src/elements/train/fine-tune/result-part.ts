/** What was learnt: the loss as it falls, the examples held back, what was taken for what. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { LossPart, TuneEvaluation } from '../../../training/core-types.js';
import type { StepPoint } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { count, decimal, labelled, milliseconds, number, parameters, percent } from '../../format.js';
import { factList } from '../../widgets/parts.js';
import { renderFigure } from '../plot/figure.js';
import { linePlot, tableOf, type LinePlot, type Series } from '../plot/line-plot.js';
import { plain } from '../values.js';
import type { Leg, TuneSession } from './session.js';

const say = trainWords.fineTune;

/** Wrong ones that are shown. */
const MOST_WRONG = 10;

/** Labels that a table of what was taken for what can have. */
const MOST_LABELS = 12;

/** What the result is drawn with. */
export interface Around {
  readonly host: LitElement;
  readonly width: number;
  announce(text: string): void;
}

/** The name of the part of a loss that is the language model's. */
const LANGUAGE = 'lm';

/** The task's own loss: what λ adds is left out, so that two trainings can be compared. */
export const taskLoss = ({ loss, parts = [] }: { loss: number; parts?: readonly LossPart[] }): number =>
  parts.find(({ name }) => name !== LANGUAGE)?.loss ?? loss;

const languageLoss = ({ parts }: StepPoint): number | undefined => parts.find(({ name }) => name === LANGUAGE)?.loss;

/** The task's curves of one training, or of two. */
export function lossPlot(legs: readonly Leg[], width: number): LinePlot {
  const { loss } = say;
  const two = legs.length > 1;
  const series = legs.flatMap(({ steps, evaluations, settings: { lm_weight } }, at): Series[] => {
    const hue = two && at === 0 ? ({ hue: 'gpt' } as const) : {};
    const lambda = plain(lm_weight);
    return [
      {
        name: two ? loss.taskWith(lambda) : loss.task,
        points: steps.map((step) => [step.step + 1, taskLoss(step)] as const),
        ...hue,
      },
      {
        name: two ? loss.heldOutWith(lambda) : loss.heldOut,
        points: evaluations.map(({ step, evaluation }) => [step, taskLoss(evaluation)] as const),
        ...hue,
      },
    ];
  });
  return { title: loss.title, x: loss.x, y: loss.y, series: series.filter(({ points }) => points.length > 0), width };
}

/** The language model's own loss, where it learns beside the task. */
export function languagePlot({ steps }: Leg, width: number): LinePlot | undefined {
  const points = steps.flatMap((step): [number, number][] => {
    const value = languageLoss(step);
    return value === undefined ? [] : [[step.step + 1, value]];
  });
  const { loss } = say;
  if (points.length === 0) return undefined;
  return {
    title: loss.languageTitle,
    x: loss.x,
    y: loss.y,
    series: [{ name: loss.language, points, hue: 'gpt' }],
    width,
  };
}

/** The whole result. */
export function renderResult(session: TuneSession, around: Around): TemplateResult {
  const { main, legs } = session;
  const begun = legs.filter(({ steps }) => steps.length > 0);
  const { evaluation } = main;
  const beside = languagePlot(main, 1) !== undefined && around.width >= 900;
  const width = beside ? Math.floor(around.width / 2) - 24 : around.width;
  const language = languagePlot(main, width);
  return html`${evaluation ? renderEvaluation(evaluation, main) : nothing}
    ${legs.length > 1 && legs.every((leg) => leg.evaluation) ? renderComparison(legs) : nothing}
    <div class="curves">
      ${begun.length > 0 ? renderPlot('fine-tuning-loss', lossPlot(begun, width), around) : nothing}
      ${language ? renderPlot('language-model-loss', language, around) : nothing}
    </div>
    ${evaluation ? renderDetails(evaluation, main) : nothing} ${renderFacts(main)}`;
}

const renderPlot = (name: string, plot: LinePlot, { host, announce }: Around): TemplateResult =>
  html`<div>
    <p class="label">${plot.title}</p>
    ${renderFigure(
      { name, drawing: linePlot(plot), caption: labelled(plot.title, say.loss.caption), table: tableOf(plot) },
      host,
      announce,
    )}
  </div>`;

/** One sentence on how well it does. */
export function summary({ accuracy, exact_match, f1, predictions }: TuneEvaluation, leg: Leg): string {
  const held = leg.tune?.info.held_out ?? predictions.length;
  if (held === 0) return say.noneHeld;
  const of = count(held, 'example');
  if (typeof exact_match === 'number') return say.accuracySpan(percent(exact_match), percent(f1 ?? 0), of);
  if (leg.settings.task === 'token-classification') return say.accuracyWords(percent(accuracy), of);
  return say.accuracy(percent(accuracy), number(Math.round(accuracy * held)), number(held));
}

function renderEvaluation(evaluation: TuneEvaluation, leg: Leg): TemplateResult {
  const totals = evaluation.confusion.map((row) => row.reduce((sum, one) => sum + one, 0));
  const all = totals.reduce((sum, one) => sum + one, 0);
  return html`<div class="field">
    <p class="verdict" id="accuracy">${summary(evaluation, leg)}</p>
    ${all > 0 ? html`<p class="muted">${say.guessing(percent(Math.max(...totals) / all))}</p>` : nothing}
  </div>`;
}

function renderComparison(legs: readonly Leg[]): TemplateResult {
  const { comparison } = say;
  const held = legs[0]!.tune?.info.held_out ?? 0;
  return html`<table id="comparison">
      <caption>
        ${comparison.caption}
      </caption>
      <thead>
        <tr>
          ${[comparison.lambda, comparison.accuracy, comparison.loss, comparison.last].map(
            (name) => html`<th scope="col">${name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${legs.map(
          ({ settings, evaluation, steps }) =>
            html`<tr>
              <th scope="row">${plain(settings.lm_weight)}</th>
              <td>${percent(evaluation!.accuracy)}</td>
              <td>${decimal(taskLoss(evaluation!), 3)}</td>
              <td>${steps.length > 0 ? decimal(taskLoss(steps.at(-1)!), 3) : '–'}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="small muted">${comparison.about(count(held, 'example'))}</p>`;
}

const renderDetails = (evaluation: TuneEvaluation, leg: Leg): TemplateResult =>
  html`<div class="found">
    ${renderConfusion(evaluation.confusion, leg.tune?.info.labels ?? [])} ${renderWrong(evaluation, leg)}
  </div>`;

function renderConfusion(confusion: readonly (readonly number[])[], labels: readonly string[]): TemplateResult {
  const words = say.confusion;
  if (labels.length < 2 || labels.length > MOST_LABELS || confusion.length === 0) return html`${nothing}`;
  const most = Math.max(1, ...confusion.flat());
  return html`<div>
    <div class="scroll" tabindex="0" role="group" aria-label=${words.caption}>
      <table class="confusion" id="confusion">
        <caption>
          ${words.caption}
        </caption>
        <thead>
          <tr>
            <td></td>
            <th scope="colgroup" colspan=${labels.length}>${words.taken}</th>
          </tr>
          <tr>
            <th scope="col">${words.corner}</th>
            ${labels.map((label) => html`<th scope="col"><bdi>${label}</bdi></th>`)}
          </tr>
        </thead>
        <tbody>
          ${confusion.map(
            (row, is) =>
              html`<tr>
                <th scope="row"><bdi>${labels[is]}</bdi></th>
                ${row.map(
                  (one, taken) =>
                    html`<td
                      class=${is === taken ? 'right' : one > 0 ? 'missed' : ''}
                      data-share=${shareStep(one / most)}
                    >
                      ${number(one)}
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="small muted">${words.about}</p>
  </div>`;
}

/** A share as one of the shades that the style sheet has: style attributes are refused by a strict policy. */
const shareStep = (share: number): number => Math.ceil(share * 5);

function renderWrong({ predictions }: TuneEvaluation, leg: Leg): TemplateResult {
  const { wrong } = say;
  const missed = predictions.filter(({ label, predicted }) => label !== predicted);
  if ((leg.tune?.info.held_out ?? 0) === 0) return html`${nothing}`;
  if (missed.length === 0) return html`<p>${wrong.none}</p>`;
  const sure = [...missed].sort((a, b) => b.score - a.score);
  return html`<div>
    <div class="scroll" tabindex="0" role="group" aria-label=${wrong.caption(number(missed.length))}>
      <table id="wrong" class="stacks">
        <caption>
          ${wrong.caption(number(missed.length))}
        </caption>
        <thead>
          <tr>
            ${[wrong.text, wrong.is, wrong.taken, wrong.score].map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${sure.slice(0, MOST_WRONG).map(
            ({ text, label, predicted, score }) =>
              html`<tr>
                <th scope="row" class="example"><bdi>${text}</bdi></th>
                <td class="brief" data-column=${wrong.is}><bdi>${label}</bdi></td>
                <td class="brief" data-column=${wrong.taken}><bdi>${predicted === '' ? '–' : predicted}</bdi></td>
                <td class="number brief" data-column=${wrong.score}>${percent(score)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${missed.length > MOST_WRONG ? html`<p class="small muted">${wrong.more(number(missed.length - MOST_WRONG))}</p>` : nothing}
  </div>`;
}

function renderFacts(leg: Leg): TemplateResult {
  if (!leg.tune) return html`${nothing}`;
  const { cut, weights, trained_weights, examples, held_out } = leg.tune.info;
  const { facts } = say;
  return html`${cut > 0 ? html`<p class="small muted">${say.cut(count(cut, 'example'))}</p>` : nothing}
  ${factList([
    [facts.weights, facts.weightsOf(parameters(trained_weights), parameters(weights))],
    [facts.split, facts.splitOf(number(examples), number(held_out))],
    [facts.time, milliseconds(leg.ms)],
  ])}`;
}
