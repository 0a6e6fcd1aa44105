/** The plot of the runs. */
import { html, type TemplateResult } from 'lit';
import type { TrainArchitecture } from '../../../training/core-types.js';
import { trainWords } from '../../../words/train.js';
import { commas, number, percent } from '../../format.js';
import { select } from '../../inside/attention/controls.js';
import type { Hue } from '../../inside/drawing/drawing.js';
import { renderFigure } from '../plot/figure.js';
import { brief, linePlot, tableOf, type LinePlot, type Series } from '../plot/line-plot.js';
import type { ListedRun } from '../runs.js';
import { evaluationPoints, HELD_OUT, levelsOf, MEASURES, stepPoints, type Measure } from './curves.js';
import type { Desk } from './desk.js';
import { words } from '../../../words/index.js';
import { sentence } from '../../controllers/problem.js';

const say = trainWords.run.plot;

/** Blue for models that see both sides of a token, amber for those that read on. */
export const hueOfArchitecture = (architecture: TrainArchitecture): Hue => (architecture === 'gpt' ? 'gpt' : 'bert');

/** Which measures there are of these runs. */
export function measuresOf(curves: readonly ListedRun[]): Measure[] {
  const some = (test: (curve: ListedRun) => boolean): boolean => curves.some(test);
  return MEASURES.filter((measure) => {
    if (measure === 'bits') return some(({ settings }) => settings.architecture === 'gpt');
    if (measure === 'accuracy') return some(({ settings }) => settings.architecture !== 'elmo');
    if (measure === 'nsp') return some(({ settings }) => settings.architecture === 'bert' && settings.bert.nsp);
    return true;
  });
}

/** The plot of runs as data; the first one is looked at: its levels are drawn, and its noise. */
export function plotOf(curves: readonly ListedRun[], measure: Measure, width: number): LinePlot {
  const [first] = curves;
  const held = HELD_OUT.includes(measure);
  const shown = curves.filter(({ settings }) => measure !== 'bits' || settings.architecture === 'gpt');
  const series = shown.flatMap((curve, at): Series[] => {
    const { name, history, info } = curve;
    if (!history) return [];
    const bytes = info.levels.bytes_per_token;
    const steps = stepPoints(history, measure, bytes);
    const hue = hueOfArchitecture(curve.settings.architecture);
    if (!held) return [{ name, points: steps, hue }];
    const noise: Series = { name: say.training(name), points: steps, kind: 'faint', hue };
    const line: Series = { name, points: evaluationPoints(history, measure, bytes), hue };
    return at === 0 ? [noise, line] : [line];
  });
  const last = series.findLast(({ kind }) => kind !== 'faint')?.points.at(-1);
  const names = commas(...shown.map(({ name }) => name));
  const title = say.title(say.measures[measure], names);
  const write = measure === 'accuracy' || measure === 'nsp' ? percent : brief;
  return {
    title: last
      ? `${title}${words.frame.marks.between}${sentence(say.now(say.measures[measure], write(last[1]), number(last[0])))}`
      : title,
    x: say.step,
    y: say.units[measure],
    series,
    levels: first ? levelsOf(first.info, measure).map(({ key, y }) => ({ name: say.levels[key], y })) : [],
    width,
    ...(measure === 'accuracy' || measure === 'nsp' ? { range: [0, 1] as const } : {}),
  };
}

/** The plot with its controls. */
export class CurvesView {
  #measure: Measure = 'loss';

  constructor(private readonly desk: Desk) {}

  render(curves: readonly ListedRun[]): TemplateResult {
    const { host, frame, width } = this.desk;
    const measures = measuresOf(curves);
    const measure = measures.includes(this.#measure) ? this.#measure : 'loss';
    const plot = plotOf(curves, measure, Math.min(width, 900));
    const [first] = curves;
    return html`<div class="curves">
      <div class="controls">
        ${select({
          id: 'measure',
          label: say.label,
          value: measure,
          options: measures.map((id) => ({ id, name: say.measures[id] })),
          choose: (value) => {
            this.#measure = value as Measure;
            host.requestUpdate();
          },
        })}
      </div>
      ${renderFigure(
        { name: `training-${measure}`, drawing: linePlot(plot), caption: say.table, table: tableOf(plot) },
        host,
        (said) => frame.announce(said),
      )}
      <p class="small muted">
        ${measure === 'loss' || measure === 'bits' ? say.about.levels(first?.name ?? '') : say.about.plain}
        ${curves.length > 1 && measure === 'loss' ? say.about.several : ''}
      </p>
    </div>`;
  }
}
