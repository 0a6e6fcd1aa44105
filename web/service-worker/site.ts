/** What the built site is made of; written into the service worker by build/service-worker.ts. Paths are relative to it. */
export interface Site {
  /** Names this version: a hash of all its files. */
  version: string;
  /** The page's script, by which a page is known to be of this version. */
  entry: string;
  /** What the page needs to start; `./` is the page itself. */
  page: string[];
  /**
   * What is kept once it was used, by name: the builds of the core (`simd128`), of which a browser needs one or two, those
   * for BERT's tokenizer alone (`lean/simd128`), those that train (`training/simd128`), what can be trained on (`texts/oz.txt`), and the files of the documentation
   * (`docs/index.html`).
   */
  parts: Record<string, { path: string; bytes: number }>;
}

/** Page → service worker. */
export type Message =
  /**
   * Keep the page, and these parts; answered on the port with a {@link Kept}. Pages and workers of several versions may
   * meet, so that the parts are called builds, as they were at first.
   */
  | { type: 'keep'; builds: string[] }
  /** Take over from the version before. */
  | { type: 'take-over' };

/** How it stands with the parts, by name: their length, and whether they are kept. */
export type Parts = Readonly<Record<string, { readonly bytes: number; readonly kept: boolean }>>;

/** The answer to `keep`. */
export type Kept = { builds: Parts } | { why: string };

/** The name of the lock that every tab holds while it is open: the address of its script. */
export const lockName = (entry: string): string => `cloze page ${entry}`;
