/** What the view puts beside a fine-tuning that is kept, and how it goes on with one. */
import type { TuneSettings } from '../../../training/core-types.js';
import type { LearnerOptions, SavedLearner, TrainingHost } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import type { Format } from './draft.js';
import { TASK_OF } from './settings.js';
import type { Teachable, TuneOrder } from './session.js';

/** What is to be found again. */
export interface TuneMetadata {
  readonly view: 'fine-tune';
  /** The same for the two trainings that are compared. */
  readonly group: string;
  /** Which of them. */
  readonly leg: number;
  readonly format: Format;
  /** As it stands in links. */
  readonly model: string;
  readonly settings: readonly TuneSettings[];
}

/** What the view has put there; undefined for what somebody else did. */
export function metadataOf(metadata: unknown): TuneMetadata | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const found = metadata as Partial<TuneMetadata>;
  const whole =
    found.view === 'fine-tune' &&
    typeof found.group === 'string' &&
    typeof found.model === 'string' &&
    Object.hasOwn(TASK_OF, found.format ?? '') &&
    Array.isArray(found.settings) &&
    found.settings.length > (found.leg ?? 0);
  return whole ? (found as TuneMetadata) : undefined;
}

/** What it is called in the list; of two that are compared, the first stands for both. */
export function titleOf(metadata: unknown): string | undefined {
  const found = metadataOf(metadata);
  return found?.leg === 0 ? trainWords.fineTune.formats[found.format].name : undefined;
}

/** Opens what was left, of the learner and of the one that it is compared with. */
export function resumeOf(learner: SavedLearner, { group }: TuneMetadata): NonNullable<TuneOrder['resume']> {
  return async (host, leg, options) => {
    if (leg === 0) return resumed(host, learner, options);
    const all = await host.learners();
    const other = all.find(({ metadata, open }) => {
      const found = metadataOf(metadata);
      return !open && found?.group === group && found.leg === leg;
    });
    return other && resumed(host, other, options);
  };
}

const resumed = (host: TrainingHost, { id, kind }: SavedLearner, options: LearnerOptions): Promise<Teachable> =>
  kind === 'tagger' ? host.resume_elmo_tagger(id, options) : host.resume_fine_tune(id, options);
