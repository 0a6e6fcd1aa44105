/** What each of ChatGPT's steps did: its curve, and samples before and after. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { ChatPhase } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { bytesShown, decimal } from '../../format.js';
import { emptyState } from '../../widgets/parts.js';
import { renderFigure } from '../plot/figure.js';
import { linePlot, tableOf, type LinePlot } from '../plot/line-plot.js';
import type { ChatStage, PhaseLog } from './log.js';
import type { ChatSession } from './session.js';

const say = trainWords.chatSteps;

/** What a curve is drawn with. */
interface Around {
  readonly host: LitElement;
  readonly width: number;
  announce(text: string): void;
}

/** Where a model that does not know what is asked for begins: a coin for choices. */
const COIN = Math.log(2);

/** The curve of a phase. */
export function lossPlot(phase: ChatPhase, { steps }: PhaseLog, width: number): LinePlot {
  const words = say[phase];
  const points = steps.map(({ step, loss }) => [step + 1, loss] as const);
  const levels = phase === 'supervised' ? [] : [{ name: say.loss.coin, y: COIN }];
  return {
    title: words.loss,
    x: say.loss.x,
    y: say.loss.y,
    series: [{ name: words.series, points, hue: 'gpt' }],
    levels,
    width,
  };
}

/** The curve with what can be saved of it. */
export function renderLoss(phase: ChatPhase, log: PhaseLog, { host, width, announce }: Around): TemplateResult {
  const plot = lossPlot(phase, log, width);
  const figure = {
    name: `chat-${phase}-loss`,
    drawing: linePlot(plot),
    caption: say.loss.caption,
    table: tableOf(plot),
  };
  return renderFigure(figure, host, announce);
}

const STAGES: readonly ChatStage[] = ['base', 'supervised', 'preference'];

/** The same prompts answered before and after the steps, side by side. */
export function renderSamples(session: ChatSession | undefined): TemplateResult {
  const { samples: words } = say;
  const there = STAGES.filter((stage) => session?.samples.has(stage));
  const prompts = [...new Set(there.flatMap((stage) => session!.samples.get(stage)!.map(({ prompt }) => prompt)))];
  return html`<section aria-labelledby="samples-title">
    <h4 id="samples-title">${words.heading}</h4>
    ${
      there.length === 0
        ? emptyState([words.empty])
        : html`<p class="small muted">${words.about}</p>
            <div class="scroll" tabindex="0" role="group" aria-label=${words.heading}>
              <table id="samples" class="stacks">
                <thead>
                  <tr>
                    <th scope="col">${words.prompt}</th>
                    ${there.map((stage) => html`<th scope="col">${words.stages[stage]}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${prompts.map(
                    (prompt) =>
                      html`<tr>
                        <th scope="row" data-column=${words.prompt}><bdi>${prompt}</bdi></th>
                        ${there.map((stage) => renderSample(session!, stage, prompt))}
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
    }
  </section>`;
}

function renderSample(session: ChatSession, stage: ChatStage, prompt: string): TemplateResult {
  const { samples: words } = say;
  const sample = session.samples.get(stage)!.find((one) => one.prompt === prompt);
  if (!sample) return html`<td></td>`;
  return html`<td class="written" data-column=${words.stages[stage]}>
    <bdi class="text">${bytesShown(sample.text) || words.nothing}</bdi>
    ${
      sample.score === undefined
        ? nothing
        : html`<span class="small muted">${words.score(decimal(sample.score, 2))}</span>`
    }
  </td>`;
}
