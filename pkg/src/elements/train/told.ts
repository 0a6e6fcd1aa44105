/** What a page tells the Train screen by attributes: where it begins, and how much of it is shown. */
import type { ToldFields, Told } from '../controllers/told.js';
import { MOST_SEED } from '../state.js';
import { TRAIN_VIEWS, type TrainState, type TrainViewName } from './schema.js';
import { readSet, writeSet } from './set.js';

/** Names that are listed elsewhere, with what is fetched when the screen is first seen; a test holds these to them. */
export const NAMES = {
  architecture: ['gpt', 'bert', 'elmo', 'xlnet'],
  size: ['small', 'medium', 'large'],
  text: ['grimm', 'oz', 'countries'],
  lesson: ['gpt', 'bert', 'elmo', 'xlnet', 'fine-tuning', 'chat'],
} as const;

const oneOf = (of: readonly string[]) => ({ kind: 'choice', default: '', of }) as const;

/** The attributes. */
export const TOLD = {
  view: oneOf(TRAIN_VIEWS),
  views: { kind: 'names', of: TRAIN_VIEWS },
  set: { kind: 'text', default: '' },
  architecture: oneOf(NAMES.architecture),
  size: oneOf(NAMES.size),
  text: oneOf(NAMES.text),
  steps: { kind: 'number', default: 1, min: 1, max: 1_000_000, whole: true },
  seed: { kind: 'number', default: 1, min: 0, max: MOST_SEED, whole: true },
  lesson: oneOf(NAMES.lesson),
} as const satisfies ToldFields;

/** The views that are offered: all, unless the page names some. */
export const viewsOf = ({ views }: Told): readonly TrainViewName[] =>
  TRAIN_VIEWS.filter((name) => !Array.isArray(views) || views.length === 0 || views.includes(name));

/**
 * What a change of attributes changes of the state: what they say anew, and nothing that the reader has set beside it. `setOf`
 * tells what is set in a view.
 */
export function stateAfter(before: Told, now: Told, setOf: (view: TrainViewName) => string): Partial<TrainState> {
  const [was, is] = [stateOf(before), stateOf(now)];
  const [old, fresh] = [readSet(was.set ?? ''), readSet(is.set ?? '')];
  const changed = Object.keys({ ...old, ...fresh }).filter((key) => old[key] !== fresh[key]);
  const view = is.view ?? 'scratch';
  if (changed.length === 0) return is.view === undefined || is.view === was.view ? {} : { view, set: setOf(view) };
  const { ...set }: Record<string, string | undefined> = readSet(setOf(view));
  for (const key of changed) set[key] = fresh[key];
  return { view, set: writeSet(set) };
}

/** The state that the attributes ask for; nothing of what none of them says. */
export function stateOf(told: Told): Partial<TrainState> {
  const { set, lesson, architecture, size, text, steps, seed } = told as Record<string, string | number | undefined>;
  const run = { architecture, size, text, steps, seed };
  const runs = Object.values(run).some((value) => value !== undefined);
  const view = (told['view'] ?? (lesson === undefined ? undefined : 'lessons')) as TrainViewName | undefined;
  const [first] = viewsOf(told);
  const shown = view ?? (told['views'] === undefined ? undefined : first);
  const here = shown ?? 'scratch';
  const asked = here === 'lessons' ? { lesson } : here === 'scratch' && runs ? run : {};
  const written = writeSet({ ...readSet(String(set ?? '')), ...asked });
  return { ...(shown && { view: shown }), ...(written === '' ? {} : { set: written }) };
}
