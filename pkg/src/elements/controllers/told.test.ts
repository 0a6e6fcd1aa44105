import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ToldController, type ToldFields } from './told.js';

const FIELDS: ToldFields = {
  size: { kind: 'choice', default: 'small', of: ['small', 'large'] },
  steps: { kind: 'number', default: 1, min: 1, max: 10, whole: true },
  views: { kind: 'names', of: ['scratch', 'tune'] },
  models: { kind: 'names' },
};

/** An element as far as it is needed. */
function hostOf(given: Record<string, unknown>, attributes: Record<string, string> = {}) {
  const host = Object.assign(new EventTarget(), given, {
    localName: 'cloze-train',
    getAttribute: (name: string) => attributes[name] ?? null,
    requestUpdate: vi.fn(),
    attributes: Object.keys(attributes).map((name) => ({ name })),
  });
  return host as unknown as ConstructorParameters<typeof ToldController>[0] & Record<string, unknown>;
}

beforeEach(() => {
  vi.stubGlobal('HTMLElement', class {});
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('attributes are read once they change', () => {
  const host = hostOf({ size: 'large', steps: 3, views: ' scratch  tune ', models: 'none' });
  const told = new ToldController(host, FIELDS);
  expect(told.read()).toBe(true);
  expect(told.told).toEqual({ size: 'large', steps: 3, views: ['scratch', 'tune'], models: [] });
  expect(told.read()).toBe(false);
  host['steps'] = undefined;
  expect(told.read()).toBe(true);
  expect(told.told).not.toHaveProperty('steps');
});

test.each([
  [{ size: 'huge' }, {}, 'size must be one of small, large, not “huge”'],
  [{ steps: 11 }, {}, 'steps must be a whole number from 1 to 10, not “11”'],
  [{ steps: Number.NaN }, { steps: 'many' }, 'steps must be a whole number from 1 to 10, not “many”'],
  [
    { views: 'scratch lesson' },
    {},
    'views must be names out of scratch, tune, with blanks between them, or none, not “scratch lesson”',
  ],
  [{ models: ' ' }, {}, 'models must be names with blanks between them, or none, not “ ”'],
])('%j is refused, and said', async (given, attributes, message) => {
  const host = hostOf(given, attributes);
  const heard = vi.fn();
  host.addEventListener('cloze-error', heard);
  const told = new ToldController(host, FIELDS);
  told.read();
  expect(told.told).toEqual({});
  expect(told.render()).toHaveLength(1);
  expect(console.warn).toHaveBeenCalledWith(`cloze-train: ${message}`);
  await Promise.resolve();
  expect(heard).toHaveBeenCalledTimes(1);
});

test('what was probably meant is named', () => {
  const told = new ToldController(hostOf({}, { 'data-x': '', step: '3', elephant: '' }), FIELDS);
  told.warnOfUnknown(['size', 'steps']);
  expect(console.warn).toHaveBeenCalledTimes(1);
  expect(console.warn).toHaveBeenCalledWith('cloze-train: there is no attribute step; did you mean steps?');
});
