/** What the built site is made of; written into the service worker by build/service-worker.ts. Paths are relative to it. */
export interface Site {
  /** Names this version: a hash of all its files. */
  version: string;
  /** The page's script, by which a page is known to be of this version. */
  entry: string;
  /** What the page needs to start; `./` is the page itself. */
  page: string[];
  /** The builds of the core, by name: a browser needs one or two of them. */
  wasm: Record<string, { path: string; bytes: number }>;
}

/** Page → service worker. */
export type Message =
  /** Keep the page, and these builds of the core; answered on the port with a {@link Kept}. */
  | { type: 'keep'; builds: string[] }
  /** Take over from the version before. */
  | { type: 'take-over' };

/** How it stands with the builds of the core, by name: their length, and whether they are kept. */
export type Builds = Readonly<Record<string, { readonly bytes: number; readonly kept: boolean }>>;

/** The answer to `keep`. */
export type Kept = { builds: Builds } | { why: string };

/** The name of the lock that every tab holds while it is open: the address of its script. */
export const lockName = (entry: string): string => `cloze page ${entry}`;
