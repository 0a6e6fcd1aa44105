import { expect, test } from 'vitest';
import { settings } from '../../../test-support/training.js';
import { changesOf, choiceOf, controlOf, FIRST, setOf, settingsOf, type Choice } from './settings.js';

const base = settings({ architecture: 'bert' });
const choice: Choice = {
  architecture: 'bert',
  size: 'medium',
  changes: {
    steps: 40,
    learning_rate: 1e-4,
    seed: 7,
    nsp: false,
    always_mask: true,
    tokenizer: 'characters',
    optimizer: 'muon',
  },
};

test('a choice goes through a link and back', () => {
  const set = setOf(choice, 'grimm');
  expect(set).toBe(
    'architecture-bert size-medium text-grimm seed-7 steps-40 learning_rate-0.0001 nsp-false always_mask-true tokenizer-characters optimizer-muon',
  );
  expect(choiceOf(set)).toEqual({ choice, text: 'grimm', ignored: [] });
  expect(setOf(FIRST, undefined)).toBe('architecture-gpt size-small seed-1');
});

test('the settings have what was changed, and the changes can be read from them', () => {
  const made = settingsOf(choice, base);
  expect(made).toEqual({
    ...base,
    steps: 40,
    seed: 7,
    tokenizer: 'characters',
    schedule: { ...base.schedule, peak: 1e-4 },
    optimizer: { ...base.optimizer, muon: true },
    bert: { ...base.bert, nsp: false, always_mask: true },
  });
  expect(changesOf(made, base)).toEqual(choice.changes);
  expect(changesOf(base, base)).toEqual({});
});

test('what a link may not have is left out and named', () => {
  const { choice: read, ignored } = choiceOf(
    'architecture-t5 size-huge steps-0.5 nsp-yes wings-2 seed-3 optimizer-sgd',
  );
  expect(read).toEqual({ ...FIRST, changes: { seed: 3 } });
  expect(ignored.sort()).toEqual(['architecture', 'nsp', 'optimizer', 'size', 'steps', 'wings']);
});

test('an error of a setting stands beside its control', () => {
  expect(['num_heads', 'learning_rate', 'bert', 'eps', undefined].map(controlOf)).toEqual([
    'num_heads',
    'learning_rate',
    'mlm',
    'run',
    'run',
  ]);
});
