import { expect, test } from 'vitest';
import { FakeHost, settings } from '../../../test-support/training.js';
import { placesOf, seenBy } from './batch.js';

test('a position is predicted from those that come before it in the drawn order, never from itself', async () => {
  const run = await new FakeHost().run(settings({ architecture: 'xlnet' }), 'text');
  const batch = await run.batch(0, 0);
  if (batch.kind !== 'xlnet') throw new Error(batch.kind);
  const { order, tokens, query_mask, content_mask } = batch;
  const places = placesOf(order);
  expect([...places].sort((a, b) => a - b)).toEqual(tokens.map((_, at) => at + 1));
  for (const position of tokens.keys()) {
    const before = [...tokens.keys()].filter((other) => places[other]! < places[position]!);
    expect(seenBy(query_mask, position, tokens.length)).toEqual(before);
    expect(seenBy(content_mask, position, tokens.length)).toEqual([...before, position].sort((a, b) => a - b));
  }
});
