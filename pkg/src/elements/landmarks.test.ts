import { expect, test } from 'vitest';
import { landmark, number, unnumber } from './landmarks.js';

test('landmarks of several elements have names of their own, and the first one keeps its', () => {
  const [first, second, third] = [{}, {}, {}];
  const names = (...hosts: object[]): string[] => hosts.map((host) => landmark('Results', host));
  number(first);
  number(second);
  number(second);
  expect(names(first, second)).toEqual(['Results', 'Results 2']);
  unnumber(first);
  // Nobody's name changes while it is on the page.
  expect(names(second)).toEqual(['Results 2']);
  number(third);
  number(first);
  expect(names(third, second, first)).toEqual(['Results', 'Results 2', 'Results 3']);
  expect(names({})).toEqual(['Results']);
});
