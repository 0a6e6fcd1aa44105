import { describe, expect, test } from 'vitest';
import type { MaskingGame } from '../../../index.js';
import { drawPair, isRight, lossOf, nspLoss, scoreOf, sentencesOf, stageOf, type MaskingResult } from './game.js';
import { STORIES } from './stories.js';

const text = STORIES[0]!;
const sentences = sentencesOf(text);

describe('pairs', () => {
  const pairs = Array.from({ length: 400 }, (_, seed) => drawPair(text, seed));
  test('the same seed draws the same pair', () => expect(drawPair(text, 7)).toEqual(drawPair(text, 7)));
  test('half of them are neighbours', () => {
    const share = pairs.filter(({ follows }) => follows).length / pairs.length;
    expect(share).toBeGreaterThan(0.42);
    expect(share).toBeLessThan(0.58);
  });
  test('B is what follows A, or of another story', () => {
    for (const { a, b, follows } of pairs) {
      const last = sentencesOf(a).at(-1)!;
      const first = sentencesOf(b)[0]!;
      const next = sentences[sentences.indexOf(last) + 1];
      expect(sentences).toContain(last);
      if (follows) expect(first).toBe(next);
      else expect(sentences).not.toContain(first);
    }
  });
  test('of two sentences, which are the least', () => {
    const { a, b } = drawPair('One. Two.', 3, ['Else. Where. There.']);
    expect(a).toBe('One.');
    expect(['Two.', 'Else. Where.', 'Where. There.']).toContain(b);
  });
});

test('each chosen token is replaced in turn, then the reader guesses, then the model answers', () => {
  const names = [0, 1, 2, 3, 4, 9].map((step) => stageOf(step, 3));
  expect(names.map(({ name, replaced }) => `${name} ${replaced}`)).toEqual([
    'choose 0',
    'replace 1',
    'replace 2',
    'guess 3',
    'answer 3',
    'answer 3',
  ]);
  expect(stageOf(0, 0).name).toBe('choose');
});

test('a guess is right whatever its case and the marks of the vocabulary', () => {
  expect(isRight(' Snow ', { token: 'snow' })).toBe(true);
  expect(isRight('ing', { token: '##ing' })).toBe(true);
  expect(isRight('##ing', { token: '##ing' })).toBe(true);
  expect(isRight('', { token: '' })).toBe(false);
  expect(isRight('rain', { token: 'snow' })).toBe(false);
});

const result = (follows: boolean, judges = true): MaskingResult => {
  const one = { kind: 'mask' as const, probability: 0.5, top: [] };
  const chosen = [
    { ...one, index: 1, token: 'snow', loss: 0.5, rank: 1 },
    { ...one, index: 2, token: 'bird', loss: 1.5, rank: 4 },
  ];
  const nsp = judges ? { is_next_probability: 0.8, loss_if_next: 0.223, loss_if_random: 1.609 } : null;
  const game: MaskingGame = { tokens: [], input_ids: [], input_tokens: [], chosen, mlm_loss: 1, nsp };
  return {
    pair: { a: '', b: '', follows },
    judges,
    game,
    model: 'BERT',
    guesses: { words: ['rain', 'Bird'], follows: false },
  };
};

test('the score counts tokens and the pair, for both', () => {
  expect(scoreOf(result(true))).toEqual({ you: 1, model: 2, of: 3 });
  expect(scoreOf(result(false))).toEqual({ you: 2, model: 1, of: 3 });
  expect(scoreOf(result(true, false))).toEqual({ you: 1, model: 1, of: 2 });
});

test('the two losses summed, the second by what is true of the pair', () => {
  expect(nspLoss(result(true))).toBe(0.223);
  expect(lossOf(result(true))).toBeCloseTo(1.223);
  expect(lossOf(result(false))).toBeCloseTo(2.609);
  expect(lossOf(result(true, false))).toBe(1);
});
