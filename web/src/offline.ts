/**
 * The service worker (../service-worker) from the page's side: registered at every visit, asked to keep the builds of the
 * core that were used, made to take over when the reader wants the new version, and used for isolation where the host
 * sends no headers.
 */
import { abilities, chooseBuild, type DefaultModelState, type RuntimeInfo } from 'cloze';
import { lockName, type Kept, type Message, type Parts } from '../service-worker/site';
import { words } from './words';

const say = words.offline;

/** What the page does for offline use. */
export interface OfflineView {
  /** Says in the footer how it stands. */
  tell(say: () => string): void;
  /** Says something that a reload brings, with a button for it. */
  offerReload(say: () => string, reload: () => void): void;
}

/** Keeps parts of the site, builds of the core among them, and says how it stands with all of them. */
export type KeepParts = (names: readonly string[]) => Promise<Parts>;

/** Set when the page reloaded itself to be isolated, so that it never does so again and again. */
const RELOADED = 'cloze-reloaded-for-threads';

/** Undefined where nothing can be kept; the view has told why. */
export async function setUpOffline({ tell, offerReload }: OfflineView): Promise<KeepParts | undefined> {
  if (!('serviceWorker' in navigator)) {
    tell(() => (isSecureContext ? say.noServiceWorkers : say.needsHttps));
    return undefined;
  }
  holdVersion();
  reloadOnceForThreads(offerReload);
  try {
    const registration = (await navigator.serviceWorker.register(new URL('./sw.js', document.baseURI), {
      updateViaCache: 'none',
    })) as ServiceWorkerRegistration | undefined;
    // Some browsers' privacy settings answer with nothing.
    if (!registration) {
      tell(() => say.refused);
      return undefined;
    }
    offerUpdates(registration, offerReload);
    tell(() => say.keeping);
    await activated(registration);
    return async (parts) => keep(registration.active ?? (await activated(registration)), parts);
  } catch (error) {
    tell(() => say.failed(error instanceof Error ? error.message : String(error)));
    return undefined;
  }
}

/** As long as this tab is open, the files of its version stay. */
function holdVersion(): void {
  navigator.locks
    ?.request(lockName(import.meta.url), { mode: 'shared' }, () => new Promise(() => undefined))
    .catch(() => undefined);
}

/** The builds of the core that this browser uses: the best, and what stands in when its threads do not start. */
export function neededBuilds(): string[] {
  try {
    const { build, fallback } = chooseBuild();
    return [build, ...(fallback ? [fallback.build] : [])];
  } catch {
    // None runs here; the page says so where the model would be.
    return [];
  }
}

/** What each of the default models needs of them. */
export const PARTS_OF: Readonly<Record<DefaultModelState['name'], (build: string) => string>> = {
  bert: (build) => `lean/${build}`,
  gpt: (build) => build,
};

/** The part of the site that runs a model. */
export const partOf = ({ build, lean }: Pick<RuntimeInfo, 'build' | 'lean'>): string =>
  lean ? PARTS_OF.bert(build) : PARTS_OF.gpt(build);

/** The worker in charge; waits for the first one to be installed. */
async function activated(registration: ServiceWorkerRegistration): Promise<ServiceWorker> {
  const first = registration.active ? null : (registration.installing ?? registration.waiting);
  if (first) {
    await new Promise<void>((resolve, reject) => {
      first.addEventListener('statechange', () => {
        if (first.state === 'activated') resolve();
        if (first.state === 'redundant') reject(new Error(say.notAllFetched));
      });
    });
  }
  return registration.active ?? (await navigator.serviceWorker.ready).active!;
}

const post = (worker: ServiceWorker, message: Message, transfer: Transferable[] = []): void =>
  worker.postMessage(message, transfer);

/** How often the worker is asked to keep parts, and how long it is waited for, ms: some MB on a slow line. */
const KEEP = { times: 5, wait: 60_000 };

/** Browsers end workers that take long, with what they were to answer; one that is asked again goes on. */
async function keep(worker: ServiceWorker, parts: readonly string[]): Promise<Parts> {
  for (let time = 0; time < KEEP.times; time++) {
    const answer = await askToKeep(worker, [...parts]);
    if (answer && 'builds' in answer) return answer.builds;
    if (answer) throw new Error(answer.why);
  }
  throw new Error(say.noAnswer);
}

/** Its answer; undefined if none came in time. */
async function askToKeep(worker: ServiceWorker, parts: string[]): Promise<Kept | undefined> {
  const { port1, port2 } = new MessageChannel();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<Kept | undefined>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<Kept>) => resolve(data);
      timer = setTimeout(resolve, KEEP.wait, undefined);
      post(worker, { type: 'keep', builds: parts }, [port2]);
    });
  } finally {
    clearTimeout(timer);
    port1.close();
  }
}

/** Between two looks for a new version in a tab that stays open, ms. */
const LOOK_EVERY = 60 * 60 * 1000;

function offerUpdates(registration: ServiceWorkerRegistration, offerReload: OfflineView['offerReload']): void {
  const offer = (): void =>
    offerReload(
      () => say.newVersion,
      () => {
        const { waiting } = registration;
        // Taken over already, from another tab.
        if (!waiting) return location.reload();
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        post(waiting, { type: 'take-over' });
      },
    );
  const watch = (worker: ServiceWorker | null): void =>
    worker?.addEventListener('statechange', () => {
      // The first version of all is no news.
      if (worker.state === 'installed' && registration.active) offer();
    });
  if (registration.waiting && registration.active) offer();
  watch(registration.installing);
  registration.addEventListener('updatefound', () => watch(registration.installing));

  // A load looks by itself; this is for tabs that are open for days.
  let looked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - looked < LOOK_EVERY) return;
    looked = Date.now();
    registration.update().catch(() => undefined);
  });
}

/**
 * At a first visit the page comes without the headers that threads need, where the host cannot send them; the service
 * worker adds them from the next load on. So there is one reload, before anything was done on the page; afterwards it is
 * only offered.
 */
function reloadOnceForThreads(offerReload: OfflineView['offerReload']): void {
  // In a frame the page around it decides. With a service worker from the start, a reload would change nothing.
  if (crossOriginIsolated || window !== window.top || navigator.serviceWorker.controller || !wouldHaveThreads()) return;
  let touched = false;
  const touch = (): void => void (touched = true);
  for (const event of ['pointerdown', 'keydown', 'input', 'drop'])
    addEventListener(event, touch, { once: true, capture: true });
  navigator.serviceWorker.addEventListener(
    'controllerchange',
    () => {
      if (!remember()) return;
      if (touched)
        offerReload(
          () => say.threadsAfterReload,
          () => location.reload(),
        );
      else location.reload();
    },
    { once: true },
  );
}

function wouldHaveThreads(): boolean {
  try {
    return chooseBuild('auto', undefined, { ...abilities(), isolated: true }).threads > 1;
  } catch {
    return false;
  }
}

/** Notes the reload; false if it was noted before, or nothing can be noted. */
function remember(): boolean {
  try {
    if (sessionStorage.getItem(RELOADED) !== null) return false;
    sessionStorage.setItem(RELOADED, 'yes');
    return true;
  } catch {
    return false;
  }
}
