import { expect, test } from 'vitest';
import { asText, joined, settle, turnsOf, who } from './conversation.js';

test('who spoke follows from the order', () => {
  expect(turnsOf(['Hello?', 'Yes.', 'Good.'])).toEqual([
    { role: 'user', content: 'Hello?' },
    { role: 'assistant', content: 'Yes.' },
    { role: 'user', content: 'Good.' },
  ]);
  expect(turnsOf([])).toEqual([]);
});

test('the system speaks first, if it says anything', () => {
  expect(turnsOf(['Hello?'], 'Be short.')[0]).toEqual({ role: 'system', content: 'Be short.' });
  expect(turnsOf(['Hello?'], ' \n')).toHaveLength(1);
});

test('as plain text', () => {
  expect(asText(['Hello?', ' Yes.\n'])).toBe('You: Hello?\n\nModel: Yes.');
});

test('a turn that is broken off keeps what was written as its answer', () => {
  expect(settle(['Hello?'], 'Ye')).toEqual({ said: ['Hello?', 'Ye'], unanswered: undefined });
  expect(settle(['Hello?', 'Yes.', 'Good?'], '')).toEqual({ said: ['Hello?', 'Yes.'], unanswered: 'Good?' });
  expect(settle(['Hello?', 'Yes.'], 'stale')).toEqual({ said: ['Hello?', 'Yes.'], unanswered: undefined });
  expect(settle([], 'stale')).toEqual({ said: [], unanswered: undefined });
});

test('a message without an answer goes with the next one', () => {
  expect(joined('One.', 'Two.')).toBe('One.\n\nTwo.');
  expect(joined('One.', '')).toBe('One.');
  expect(joined(undefined, ' Two.')).toBe(' Two.');
});

test('an answer is signed where several models have spoken', () => {
  expect(who('assistant')).toBe('Model');
  expect(who('assistant', 'SmolLM2')).toBe('Model \u2068SmolLM2\u2069');
  expect(who('user', 'SmolLM2')).toBe('You');
});
