import { afterEach, expect, test, vi } from 'vitest';
import { absolute, isForeign, startWorker, workerScript } from './addresses.js';

afterEach(() => vi.unstubAllGlobals());

/** A page, and the workers that it makes. */
function page(origin: string): { made: [string, WorkerOptions | undefined][]; blobs: Blob[] } {
  const made: [string, WorkerOptions | undefined][] = [];
  const blobs: Blob[] = [];
  vi.stubGlobal('origin', origin);
  vi.stubGlobal('location', { href: `${origin}/app/` });
  vi.stubGlobal('Worker', function Worker(address: string, options?: WorkerOptions) {
    made.push([address, options]);
    return { addEventListener: () => undefined };
  });
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${origin}/${blobs.push(blob as Blob)}`);
  return { made, blobs };
}

test('a script of the page’s own is started as it is, whatever the bundler made of its address', () => {
  const { made } = page('https://a.example');
  const module = { type: 'module', name: 'x' } as const;
  startWorker(workerScript(() => new Worker(new URL('https://a.example/w.js'), module)));
  startWorker(workerScript(() => new Worker('/_next/w.js', module)));
  startWorker(workerScript(() => new Worker('w.js')));
  startWorker(workerScript(() => new Worker('blob:https://a.example/1')));
  expect(made).toEqual([
    ['https://a.example/w.js', module],
    ['https://a.example/_next/w.js', module],
    ['https://a.example/app/w.js', {}],
    ['blob:https://a.example/1', {}],
  ]);
});

test.each<[WorkerOptions, RegExp]>([
  [{ type: 'module', name: 'x' }, /^const early.*import\("https:\/\/cdn\.example\/w\.js"\)\.then/su],
  [{ name: 'x' }, /^importScripts\("https:\/\/cdn\.example\/w\.js"\);$/u],
])('one of another origin’s is imported: %o', async (options, script) => {
  const { made, blobs } = page('https://a.example');
  startWorker(workerScript(() => new Worker(new URL('https://cdn.example/w.js'), options)));
  expect(made).toEqual([['blob:https://a.example/1', { name: 'x' }]]);
  expect(await blobs[0]!.text()).toMatch(script);
});

test('the global Worker is there again, even if nothing could be asked for', () => {
  page('https://a.example');
  const before = Worker;
  expect(() => workerScript(() => new Worker(new URL('w.js', 'data:text/javascript,')))).toThrow(TypeError);
  expect(Worker).toBe(before);
});

test('in a sandbox every origin is another', () => {
  page('null');
  expect(isForeign('https://a.example/w.js')).toBe(true);
  expect(isForeign('blob:null/1')).toBe(false);
});

test('Next.js makes addresses relative to the page', () => {
  page('https://a.example');
  expect(absolute({ href: '/_next/static/media/m.gguf' } as URL)).toBe('https://a.example/_next/static/media/m.gguf');
  expect(absolute(new URL('https://b.example/m.gguf'))).toBe('https://b.example/m.gguf');
});
