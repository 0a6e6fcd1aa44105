import { expect, test } from 'vitest';
import { FakeHost, settings } from '../../../test-support/training.js';
import { placesOf, seenBy } from './batch.js';

test('what is predicted sees the context and what was predicted before it, never itself', async () => {
  const run = await new FakeHost().run(settings({ architecture: 'xlnet' }), 'text');
  const batch = await run.batch(0, 0);
  if (batch.kind !== 'xlnet') throw new Error(batch.kind);
  const { order, targets, tokens, query_mask, content_mask } = batch;
  const places = placesOf(order);
  expect([...places].sort((a, b) => a - b)).toEqual(tokens.map((_, at) => at + 1));
  for (const position of targets) {
    const before = [...tokens.keys()].filter((other) => places[other]! < places[position]!);
    expect(seenBy(query_mask, position, tokens.length)).toEqual(before);
    expect(seenBy(content_mask, position, tokens.length)).toEqual([...before, position].sort((a, b) => a - b));
  }
});
