/** Addresses of the package's own files, and workers made of them, wherever the package and the page come from. */

/** What relative addresses of this page or worker begin from; undefined where there is neither. */
export const baseAddress = (): string | undefined => globalThis.document?.baseURI ?? globalThis.location?.href;

/** The whole address of a file beside the modules: Next.js makes `new URL(…, import.meta.url)` relative to the page. */
export const absolute = (url: URL): string => new URL(url.href, baseAddress()).href;

/** Whether a script is on another origin than this page or worker; in a sandbox or at a `data:` address every one is. */
export function isForeign(script: string): boolean {
  const { protocol, origin } = new URL(script);
  return /^https?:$/u.test(protocol) && origin !== globalThis.origin;
}

/** What a worker is made of. */
export interface WorkerScript {
  address: string;
  options: WorkerOptions;
}

/**
 * What `make` constructs a worker of; none is made. `make` has to hold the whole of
 * `new Worker(new URL('./x.js', import.meta.url), {…})`: bundlers know it by its looks and put the built script's address
 * there, which nothing else says.
 */
export function workerScript(make: () => Worker): WorkerScript {
  const native = globalThis.Worker;
  let asked: WorkerScript | undefined;
  globalThis.Worker = function (url: string | URL, options: WorkerOptions = {}) {
    asked = { address: new URL(url, baseAddress()).href, options };
  } as unknown as typeof Worker;
  try {
    make();
  } finally {
    globalThis.Worker = native;
  }
  return asked!;
}

/**
 * Starts a worker. Browsers start none from a script on another origin, so there a script of the page's own imports it;
 * its server has to allow that (CORS).
 */
export function startWorker({ address, options: { type, ...options } }: WorkerScript): Worker {
  if (!isForeign(address)) return new Worker(address, { ...options, ...(type && { type }) });
  const name = JSON.stringify(address);
  const script = type === 'module' ? importing(name) : `importScripts(${name});`;
  const own = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(own, options);
  // Revoked at once, not every browser would find it.
  worker.addEventListener('message', () => URL.revokeObjectURL(own), { once: true });
  return worker;
}

/**
 * A classic script that imports a module, as Chromium runs no module from a `blob:` address in a sandbox. What is sent before
 * the module listens waits for it.
 */
const importing = (name: string): string => `const early = [];
const keep = ({ data }) => early.push(data);
addEventListener('message', keep);
import(${name}).then(() => {
  removeEventListener('message', keep);
  for (const data of early) dispatchEvent(new MessageEvent('message', { data }));
}, (error) => setTimeout(() => { throw error; }));
`;
