import { expect, test } from 'vitest';
import { asText, turnsOf } from './conversation.js';

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
