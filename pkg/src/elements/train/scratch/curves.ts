/** What is plotted of runs: a number for each step, in several measures. */
import type { Evaluation, LossPart, RunInfo } from '../../../training/core-types.js';
import type { RunHistory, StepPoint } from '../../../training/types.js';
import type { Point } from '../plot/line-plot.js';

/** What can be plotted. */
export const MEASURES = ['loss', 'bits', 'accuracy', 'nsp', 'learning_rate', 'gradient_norm', 'speed'] as const;

/** A measure's name. */
export type Measure = (typeof MEASURES)[number];

/** Measures that are of the text held back as well. */
export const HELD_OUT: readonly Measure[] = ['loss', 'bits', 'accuracy', 'nsp'];

/** The parts of a loss that are about tokens; of two directions the mean is taken. */
const ofTokens = (parts: readonly LossPart[]): LossPart[] => parts.filter(({ name }) => name !== 'nsp');

const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Nats a token: what the unigram and bigram levels are compared with. */
export const tokenLoss = (parts: readonly LossPart[]): number => mean(ofTokens(parts).map(({ loss }) => loss));

/** Nats a token as bits a byte. */
export const bitsPerByte = (loss: number, bytesPerToken: number): number => loss / (bytesPerToken * Math.LN2);

/** What a measure is of parts of a loss. */
export function measured(parts: readonly LossPart[], measure: Measure, bytesPerToken: number): number {
  if (measure === 'loss') return tokenLoss(parts);
  if (measure === 'bits') return bitsPerByte(tokenLoss(parts), bytesPerToken);
  if (measure === 'nsp') return parts.find(({ name }) => name === 'nsp')?.accuracy ?? Number.NaN;
  const known = ofTokens(parts).flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]));
  return mean(known);
}

const stepValue = (point: StepPoint, measure: Measure, bytesPerToken: number): number => {
  if (measure === 'learning_rate' || measure === 'gradient_norm') return point[measure];
  if (measure === 'speed') return (point.tokens / point.ms) * 1000;
  return measured(point.parts, measure, bytesPerToken);
};

/** Of each step. */
export const stepPoints = ({ steps }: RunHistory, measure: Measure, bytesPerToken: number): Point[] =>
  steps.map((point) => [point.step + 1, stepValue(point, measure, bytesPerToken)]);

/** Of each look at the text held back. */
export const evaluationPoints = ({ evaluations }: RunHistory, measure: Measure, bytesPerToken: number): Point[] =>
  evaluations.map(({ step, parts }) => [step, measured(parts, measure, bytesPerToken)]);

/** The levels under which a measure has to come. */
export function levelsOf(
  { levels: { uniform, unigram, bigram, bytes_per_token } }: Pick<RunInfo, 'levels'>,
  measure: Measure,
): { key: 'uniform' | 'unigram' | 'bigram' | 'chance'; y: number }[] {
  if (measure === 'nsp') return [{ key: 'chance', y: 0.5 }];
  if (measure !== 'loss' && measure !== 'bits') return [];
  const unit = measure === 'bits' ? (loss: number) => bitsPerByte(loss, bytes_per_token) : (loss: number) => loss;
  return Object.entries({ uniform, unigram, bigram }).map(([key, loss]) => ({
    key: key as 'uniform' | 'unigram' | 'bigram',
    y: unit(loss),
  }));
}

/** Steps whose times are averaged: one step alone is noise. */
const RECENT = 20;

/** How fast a run has been lately: tokens and steps a second. */
export function speed({ steps }: RunHistory): { tokens: number; steps: number } | undefined {
  const recent = steps.slice(-RECENT);
  const ms = recent.reduce((sum, point) => sum + point.ms, 0);
  if (ms === 0) return undefined;
  const tokens = recent.reduce((sum, point) => sum + point.tokens, 0);
  return { tokens: (tokens / ms) * 1000, steps: (recent.length / ms) * 1000 };
}

/** The last look at the text held back. */
export const lastEvaluation = ({ evaluations }: RunHistory): Evaluation | undefined => evaluations.at(-1);
