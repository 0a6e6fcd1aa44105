/**
 * The playground's service worker: the page starts without a network, and has threads on hosts that cannot send headers.
 *
 * - **One cache a version.** It is filled before the version counts as installed, and asked before the network, so that a
 *   page and its scripts are always of one version. A new version waits until the reader asks for it or all tabs are closed.
 * - **Old versions stay while a tab uses them**: each tab holds a Web Lock named after its script, and a cache goes only
 *   when no lock names a script in it.
 * - **Isolation.** Shared memory, and so threads, need two headers on the page and on its workers. They are added where the
 *   host sends neither; where it sends one, the host has decided.
 * - **Models are not its business**: the package keeps them, and nothing is to be stored twice.
 * - **A build of the core is kept once the page has used it**, or was told to keep it; of a new version, the same builds.
 *   So are the texts and the builds that train: nobody who trains nothing fetches them. Nor who does not read it, the
 *   documentation: its pages are kept as they are read.
 */
import { isolated } from './isolation';
import { lockName, type Kept, type Message, type Parts, type Site } from './site';

declare const self: ServiceWorkerGlobalScope;
declare const __SITE__: Site;

const site = __SITE__;
const { scope } = self.registration;
/** Several copies of the playground may stand on one host. */
const PREFIX = `cloze ${scope} `;
const NAME = PREFIX + site.version;
/** Which parts this browser uses; the next version needs the same. */
const PARTS = `${PREFIX}builds`;

const addressOf = (path: string): string => new URL(path, scope).href;
const PAGE = addressOf('./');
/** Pages of their own beside the first one. */
const pages = [...site.page, ...Object.values(site.parts).map(({ path }) => path)]
  .filter((path) => path.endsWith('.html'))
  .map(addressOf);
/** The parts' names by their addresses. */
const names = new Map(Object.entries(site.parts).map(([name, { path }]) => [addressOf(path), name]));
const files = new Set([...site.page.map(addressOf), ...names.keys()]);

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(Promise.all([self.clients.claim(), tidy()])));

async function install(): Promise<void> {
  const cache = await caches.open(NAME);
  await keep(site.page.map(addressOf));
  // In the middle of a deployment a host may serve the next version's page: that would not be one version.
  const page = await (await cache.match(PAGE))?.text();
  if (!page?.includes(site.entry)) {
    await caches.delete(NAME);
    throw new Error('the page and the service worker are of different versions');
  }
  await keep(addressesOf(await used()));
}

/** Puts files into this version's cache that are not there yet. */
async function keep(addresses: string[]): Promise<void> {
  const cache = await caches.open(NAME);
  await Promise.all(
    addresses.map(async (address) => {
      if (await cache.match(address)) return;
      // Names with a hash never change what they stand for, so another version's copy will do.
      const hashed = address.startsWith(addressOf('assets/'));
      const before = hashed ? await fromAnyVersion(address) : undefined;
      const response = before ?? (await fetch(address, { cache: hashed ? 'default' : 'no-cache' }));
      if (!response.ok) throw new Error(`the server answered ${response.status} to ${address}`);
      if (!mayBe(response, address)) throw new Error(`the server answered with a page to ${address}`);
      await cache.put(address, plain(response));
    }),
  );
}

/** Hosts of single-page sites answer with their page, and 200, to what is not there (yet, or any more). */
const mayBe = (response: Response, address: string): boolean =>
  address === PAGE || pages.includes(address) || !/^text\/html\b/iu.test(response.headers.get('content-type') ?? '');

/** A page must not be answered with a response that was redirected. */
const plain = (response: Response): Response =>
  response.redirected ? new Response(response.body, response) : response;

const addressesOf = (parts: string[]): string[] =>
  parts.flatMap((name) => (site.parts[name] === undefined ? [] : [addressOf(site.parts[name].path)]));

async function used(): Promise<string[]> {
  return (await (await (await caches.open(PARTS)).match(PAGE))?.json()) ?? [];
}

/** Notes that these parts are used, besides those before. */
async function use(parts: string[]): Promise<void> {
  const before = await used();
  if (parts.some((name) => !before.includes(name)))
    await (await caches.open(PARTS)).put(PAGE, Response.json([...new Set([...before, ...parts])]));
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  // Parts of files are not for caches.
  if (request.method !== 'GET' || request.headers.has('range')) return;
  const { origin, pathname } = new URL(request.url);
  const address = origin + pathname;
  if (request.mode === 'navigate') {
    if (address === PAGE || address === addressOf('index.html'))
      event.respondWith(answer(PAGE, request).then(isolated));
    else {
      // A folder stands for its first page.
      const page = address.endsWith('/') ? `${address}index.html` : address;
      if (pages.includes(page)) event.respondWith(answer(page, request).then(isolated));
    }
  } else if (
    address.startsWith(scope) &&
    (/\.(js|css|wasm|svg|png|webmanifest)$|\/models\.json$/u.test(pathname) || names.has(address))
  ) {
    const answered = answer(address, request);
    event.respondWith(request.destination === 'worker' ? answered.then(isolated) : answered);
  }
});

/** From this version, else from one that an open tab is of, else from the network. */
async function answer(address: string, request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const found = (await cache.match(address)) ?? (await fromAnyVersion(address));
  if (found) return found;
  const response = await fetch(request);
  // A full disk is no reason to withhold the file.
  if (response.ok && files.has(address) && mayBe(response, address)) {
    const name = names.get(address);
    void cache
      .put(address, plain(response.clone()))
      .then(() => (name === undefined ? undefined : use([name])))
      .catch(() => undefined);
  }
  return response;
}

async function fromAnyVersion(address: string): Promise<Response | undefined> {
  if (address === PAGE) return undefined;
  for (const name of await versions()) {
    const found = await (await caches.open(name)).match(address);
    // An earlier version of this worker may have kept a page in a file's place.
    if (found && mayBe(found, address)) return found;
  }
  return undefined;
}

const versions = async (): Promise<string[]> =>
  (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== PARTS);

/** Removes versions that no tab uses. */
async function tidy(): Promise<void> {
  const { held = [] } = await navigator.locks.query();
  for (const name of await versions()) {
    if (name === NAME) continue;
    const scripts = (await (await caches.open(name)).keys()).map(({ url }) => lockName(url));
    if (!held.some((lock) => lock.name !== undefined && scripts.includes(lock.name))) await caches.delete(name);
  }
}

self.addEventListener('message', (event) => {
  const message = event.data as Message;
  if (message.type === 'take-over') return void self.skipWaiting();
  const reply = (kept: Kept): void => event.ports[0]?.postMessage(kept);
  event.waitUntil(
    keepParts(message.builds).then(
      (builds) => reply({ builds }),
      (error: unknown) => reply({ why: error instanceof Error ? error.message : String(error) }),
    ),
  );
});

/** Keeps the page and these parts, besides those that are kept already. */
async function keepParts(parts: string[]): Promise<Parts> {
  await use(parts);
  await keep([...site.page.map(addressOf), ...addressesOf(parts)]);
  await tidy();
  const cache = await caches.open(NAME);
  const states = Object.entries(site.parts).map(async ([name, { path, bytes }]) => {
    const kept = (await cache.match(addressOf(path))) !== undefined;
    return [name, { bytes, kept }] as const;
  });
  return Object.fromEntries(await Promise.all(states));
}
