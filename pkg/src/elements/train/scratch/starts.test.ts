import { expect, test } from 'vitest';
import { startsOf } from './starts.js';

test('a text of one’s own gives its first sentences', () => {
  const starts = startsOf('Title\n\nThe cat sat on the mat. The dog saw the cat. End.', undefined);
  expect(starts.prompt).toBe('The cat sat');
  expect(starts.probe).toBe('The cat sat [MASK] the mat.');
  expect(starts.pair).toEqual(['The cat sat on the mat.', 'The dog saw the cat.']);
  expect(starts.word).toBe('The');
});

test('any text gives something', () => {
  for (const text of ['', 'x', '\n\n', '漢字'.repeat(99)]) expect(startsOf(text, undefined).probe).toContain('[MASK]');
  expect(startsOf('', 'grimm').prompt).toBe('Once upon a time');
});
