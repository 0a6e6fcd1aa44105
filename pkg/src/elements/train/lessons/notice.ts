/** Which steps of a lesson the page can see to be done, by the runs. The others are ticked by the reader. */
import type { LessonName } from '../../../lessons.js';
import type { TrainArchitecture } from '../../../training/core-types.js';
import type { ListedRun } from '../runs.js';
import { standing } from '../scratch/figures.js';

/** Whether a step is done. */
type Notice = (runs: readonly ListedRun[]) => boolean;

const of = (runs: readonly ListedRun[], architecture: TrainArchitecture): readonly ListedRun[] =>
  runs.filter(({ settings }) => settings.architecture === architecture);

/** A run of the family has done so many steps, or all that it was to do. */
const steps =
  (architecture: TrainArchitecture, count: number): Notice =>
  (runs) =>
    of(runs, architecture).some((run) => run.steps >= Math.min(count, run.settings.steps));

/** The loss on held-out text lies under what a table of pairs of tokens reaches. */
const underBigram =
  (architecture: TrainArchitecture): Notice =>
  (runs) =>
    of(runs, architecture).some(({ history, info }) => history && info && standing(info, history) === 'bigram');

/** Two runs of a family have done so many steps. */
const two =
  (architecture: TrainArchitecture, count: number): Notice =>
  (runs) =>
    of(runs, architecture).filter((run) => run.steps >= count).length > 1;

/** Of each family, by step. */
const NOTICES: Partial<Record<LessonName, readonly (Notice | undefined)[]>> = {
  gpt: [steps('gpt', 1), steps('gpt', 300), underBigram('gpt'), two('gpt', 300), undefined],
  bert: [steps('bert', 1), steps('bert', 300), undefined, two('bert', 300), undefined],
  elmo: [steps('elmo', 1), steps('elmo', 300), undefined, undefined, undefined],
  xlnet: [
    steps('xlnet', 1),
    undefined,
    (runs) => steps('xlnet', 300)(runs) && steps('bert', 300)(runs),
    undefined,
    undefined,
  ],
};

/** The steps of a lesson, from 0, that are seen to be done. */
export const noticed = (lesson: LessonName, runs: readonly ListedRun[]): number[] =>
  (NOTICES[lesson] ?? []).flatMap((notice, step) => (notice?.(runs) ? [step] : []));

/** Whether the page can see that a step is done. */
export const isNoticed = (lesson: LessonName, step: number): boolean => NOTICES[lesson]?.[step] !== undefined;

/** The run of the reader's own that a lesson is about: the one last begun. */
export const runOf = (lesson: LessonName, runs: readonly ListedRun[]): ListedRun | undefined =>
  runs.find(({ settings }) => settings.architecture === lesson);
