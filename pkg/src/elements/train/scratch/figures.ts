/** The numbers of a run as it is now, and what they mean. */
import type { RunInfo } from '../../../training/core-types.js';
import type { RunHistory } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { number, percent, tokensPerSecond } from '../../format.js';
import type { Fact } from '../../controllers/screen-parts.js';
import { brief } from '../plot/line-plot.js';
import { bitsPerByte, lastEvaluation, measured, speed, tokenLoss } from './curves.js';
import { duration } from './form.js';

const say = trainWords.run.figures;

/** Losses are written with three decimals. */
export const loss = (value: number): string => (Number.isFinite(value) ? number(value, 3) : '–');

/** What a run's figures are. */
export function figures(info: RunInfo, history: RunHistory, stepsDone: number): Fact[] {
  const { settings, levels } = info;
  const point = history.steps.at(-1);
  const held = lastEvaluation(history);
  const rate = speed(history);
  const facts: Fact[] = [];
  if (point) facts.push([say.loss, loss(tokenLoss(point.parts))]);
  if (held) {
    const nats = tokenLoss(held.parts);
    if (Number.isFinite(nats)) facts.push([say.heldOut, loss(nats)]);
    // Of BERT and XLNet it would not be the text's cost: only some tokens are guessed.
    if (settings.architecture === 'gpt') facts.push([say.bits, loss(bitsPerByte(nats, levels.bytes_per_token))]);
    const right = measured(held.parts, 'accuracy', 1);
    if (Number.isFinite(right)) facts.push([say.accuracy, percent(right)]);
    const nsp = measured(held.parts, 'nsp', 1);
    if (Number.isFinite(nsp)) facts.push([say.nsp, percent(nsp)]);
  }
  if (point) {
    facts.push([say.rate, brief(point.learning_rate)]);
    facts.push([say.norm, brief(point.gradient_norm)]);
  }
  if (rate) {
    facts.push([say.speed, tokensPerSecond(rate.tokens)]);
    const left = Math.max(0, settings.steps - stepsDone) / rate.steps;
    if (left > 0) facts.push([say.left, duration(left)]);
  }
  return facts;
}

/** Which level the loss on the text held back has come under; undefined before it was measured. */
export function standing({ levels }: RunInfo, history: RunHistory): keyof typeof say.under | undefined {
  const held = lastEvaluation(history);
  const nats = held && tokenLoss(held.parts);
  if (nats === undefined || !Number.isFinite(nats)) return undefined;
  return (['bigram', 'unigram', 'uniform'] as const).find((level) => nats < levels[level]) ?? 'none';
}
