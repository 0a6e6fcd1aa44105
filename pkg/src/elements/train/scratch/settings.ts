/** The settings of a run as a person sets them: flat, with their limits, and as they stand in a link. */
import type { TrainArchitecture, TrainSettings, TrainSize } from '../../../training/core-types.js';
import { readSet, writeSet } from '../set.js';

/** The models, in the order in which they are offered. */
export const ARCHITECTURES = ['gpt', 'bert', 'elmo', 'xlnet'] as const satisfies readonly TrainArchitecture[];

/** The sizes. */
export const SIZES = ['small', 'medium', 'large'] as const satisfies readonly TrainSize[];

/** A number that can be set: where it stands in the core's settings, and its limits there. */
interface NumberRow {
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
  read(settings: TrainSettings): number;
  write(settings: TrainSettings, value: number): TrainSettings;
}

const top = (
  key:
    | 'steps'
    | 'batch_size'
    | 'context'
    | 'dropout'
    | 'seed'
    | 'clip'
    | 'vocab_size'
    | 'hidden_size'
    | 'num_layers'
    | 'num_heads',
): Pick<NumberRow, 'read' | 'write'> => ({
  read: (settings) => settings[key],
  write: (settings, value) => ({ ...settings, [key]: value }),
});

const scheduled = (key: keyof TrainSettings['schedule']): Pick<NumberRow, 'read' | 'write'> => ({
  read: ({ schedule }) => schedule[key],
  write: (settings, value) => ({ ...settings, schedule: { ...settings.schedule, [key]: value } }),
});

/** The numbers, in the order in which they are shown. The limits are those of `crate/src/train/settings.rs`. */
export const NUMBERS = {
  steps: { ...top('steps'), min: 1, max: 1_000_000, whole: true },
  learning_rate: { ...scheduled('peak'), min: 0, max: 1 },
  batch_size: { ...top('batch_size'), min: 1, max: 1024, whole: true },
  context: { ...top('context'), min: 8, max: 1024, whole: true },
  dropout: { ...top('dropout'), min: 0, max: 0.95 },
  seed: { ...top('seed'), min: 0, max: 4_294_967_295, whole: true },
  warmup: { ...scheduled('warmup'), min: 0, max: 1_000_000, whole: true },
  decay_share: { ...scheduled('decay_share'), min: 0, max: 1 },
  weight_decay: {
    min: 0,
    max: 1000,
    read: ({ optimizer }) => optimizer.weight_decay,
    write: (settings, weight_decay) => ({ ...settings, optimizer: { ...settings.optimizer, weight_decay } }),
  },
  clip: { ...top('clip'), min: 0, max: 1e9 },
  vocab_size: { ...top('vocab_size'), min: 16, max: 65_536, whole: true },
  hidden_size: { ...top('hidden_size'), min: 2, max: 2048, whole: true },
  num_layers: { ...top('num_layers'), min: 1, max: 48, whole: true },
  num_heads: { ...top('num_heads'), min: 1, max: 2048, whole: true },
  mlm_probability: {
    min: 0.01,
    max: 1,
    read: ({ bert }) => bert.mlm_probability,
    write: (settings, mlm_probability) => ({ ...settings, bert: { ...settings.bert, mlm_probability } }),
  },
} as const satisfies Record<string, NumberRow>;

/** A number's name. */
export type NumberKey = keyof typeof NUMBERS;

/** What is switched, of BERT. */
export const FLAGS = ['mlm', 'nsp', 'always_mask'] as const satisfies readonly (keyof TrainSettings['bert'])[];

/** A switch's name. */
export type FlagKey = (typeof FLAGS)[number];

/** How text can be cut. */
export const TOKENIZERS = ['word-piece', 'byte-bpe', 'characters'] as const;

/** What was changed of a size's own settings. */
export type Changes = Partial<
  Record<NumberKey, number> &
    Record<FlagKey, boolean> & { tokenizer: TrainSettings['tokenizer']; optimizer: 'adamw' | 'muon' }
>;

/** What the reader chose. */
export interface Choice {
  readonly architecture: TrainArchitecture;
  readonly size: TrainSize;
  readonly changes: Changes;
}

/** What is chosen at first. */
export const FIRST: Choice = { architecture: 'gpt', size: 'small', changes: {} };

/** The settings of a run: those of the size, with what was changed. */
export function settingsOf({ changes }: Choice, base: TrainSettings): TrainSettings {
  let settings = base;
  for (const key of Object.keys(NUMBERS) as NumberKey[]) {
    const value = changes[key];
    if (value !== undefined) settings = NUMBERS[key].write(settings, value);
  }
  for (const key of FLAGS) {
    const value = changes[key];
    if (value !== undefined) settings = { ...settings, bert: { ...settings.bert, [key]: value } };
  }
  const { tokenizer = settings.tokenizer, optimizer } = changes;
  const muon = optimizer === undefined ? settings.optimizer.muon : optimizer === 'muon';
  return { ...settings, tokenizer, optimizer: { ...settings.optimizer, muon } };
}

/** What of the settings differs from those of the size: a run made again as a choice. */
export function changesOf(settings: TrainSettings, base: TrainSettings): Changes {
  const changes: Record<string, unknown> = {};
  for (const key of Object.keys(NUMBERS) as NumberKey[]) {
    const value = NUMBERS[key].read(settings);
    if (Math.fround(value) !== Math.fround(NUMBERS[key].read(base))) changes[key] = value;
  }
  for (const key of FLAGS) if (settings.bert[key] !== base.bert[key]) changes[key] = settings.bert[key];
  if (settings.tokenizer !== base.tokenizer) changes['tokenizer'] = settings.tokenizer;
  if (settings.optimizer.muon !== base.optimizer.muon)
    changes['optimizer'] = settings.optimizer.muon ? 'muon' : 'adamw';
  return changes as Changes;
}

/** A run's settings as a choice: of the size from which they differ least. `bases` are the settings of the sizes. */
export function nearest(settings: TrainSettings, bases: readonly TrainSettings[]): Choice {
  const { architecture } = settings;
  const choices = bases.map((base, at): Choice => ({
    architecture,
    size: SIZES[at]!,
    changes: changesOf(settings, base),
  }));
  const extent = ({ changes }: Choice): number => Object.keys(changes).length;
  return choices.reduce((best, one) => (extent(one) < extent(best) ? one : best));
}

/** The choice as it stands in a link; the seed is always named. */
export const setOf = ({ architecture, size, changes }: Choice, text: string | undefined): string =>
  writeSet({ architecture, size, text, seed: 1, ...changes });

/** A choice from a link, with the text that it names, and the keys that could not be used. */
export function choiceOf(set: string): { choice: Choice; text: string | undefined; ignored: string[] } {
  const { architecture, size, text, ...others } = readSet(set);
  const ignored: string[] = [];
  const changes: Record<string, unknown> = {};
  const one = <T extends string>(key: string, value: string | undefined, of: readonly T[]): T | undefined => {
    const found = of.find((name) => name === value);
    if (value !== undefined && found === undefined) ignored.push(key);
    return found;
  };
  for (const [key, value] of Object.entries(others)) {
    const known = read(key, value);
    if (known === undefined) ignored.push(key);
    else changes[key] = known;
  }
  const choice = {
    architecture: one('architecture', architecture, ARCHITECTURES) ?? FIRST.architecture,
    size: one('size', size, SIZES) ?? FIRST.size,
    changes: changes as Changes,
  };
  return { choice, text, ignored };
}

function read(key: string, value: string): unknown {
  if (Object.hasOwn(NUMBERS, key)) {
    const { min, max, ...row }: NumberRow = NUMBERS[key as NumberKey];
    const given = Number(value);
    return Number.isFinite(given) && given >= min && given <= max && (!row.whole || Number.isInteger(given))
      ? given
      : undefined;
  }
  if ((FLAGS as readonly string[]).includes(key))
    return value === 'true' ? true : value === 'false' ? false : undefined;
  if (key === 'tokenizer') return TOKENIZERS.find((name) => name === value);
  return key === 'optimizer' && (value === 'adamw' || value === 'muon') ? value : undefined;
}

/** Which control an error of a setting stands beside (`details.setting` of `invalid_setting`). */
export const controlOf = (setting: unknown): string =>
  setting === 'bert' ? 'mlm' : typeof setting === 'string' && Object.hasOwn(NUMBERS, setting) ? setting : 'run';
