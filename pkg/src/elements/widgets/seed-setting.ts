/** The setting for the seed. */
import type { TemplateResult } from 'lit';
import { writingWords } from '../../words/screens/writing.js';
import type { LinkController } from '../controllers/link.js';
import { MOST_SEED } from '../state.js';
import { numberSetting } from './number-setting.js';

const say = writingWords;

/** The setting for the seed; `disabled` where nothing is drawn by chance. */
export function seedSetting<S extends { seed: number | null }>(
  link: LinkController<S>,
  disabled: boolean,
): TemplateResult {
  return numberSetting({
    id: 'seed',
    label: say.seed,
    about: say.seedAbout,
    value: link.current.seed,
    min: 0,
    max: MOST_SEED,
    step: 1,
    optional: true,
    placeholder: say.seedPlaceholder,
    disabled,
    problem: link.refusal('seed'),
    change: (seed) => link.change({ seed } as Partial<S>),
    refuse: (why) => link.refuse('seed', why),
  });
}
