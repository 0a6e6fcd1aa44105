import { afterEach, expect, test, vi } from 'vitest';
import { pipeline } from './pipeline.js';

afterEach(() => vi.unstubAllGlobals());

test.each<[string, string[], RegExp]>([
  ['Node', [], /^Cloze runs in browsers: .*Node.*useEffect/u],
  ['a service worker', ['WorkerGlobalScope', 'ServiceWorkerGlobalScope'], /^A service worker cannot/u],
  ['a shared worker', ['WorkerGlobalScope', 'SharedWorkerGlobalScope'], /^This shared worker cannot/u],
  ['an old browser’s worker', ['WorkerGlobalScope'], /^There are no web workers here/u],
])('in %s, pipeline() says what is needed', async (_, names, message) => {
  for (const name of names) vi.stubGlobal(name, class {});
  await expect(pipeline('fill-mask')).rejects.toMatchObject({
    code: 'unsupported_browser',
    message: expect.stringMatching(message) as string,
  });
  // What is wrong everywhere is said first.
  await expect(pipeline('fill-mask', null, { dtyp: 'q8' } as never)).rejects.toMatchObject({ code: 'invalid_option' });
});
