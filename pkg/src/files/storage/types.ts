/** What is kept in the browser, as a screen shows it. */

/** A model with files in the browser's storage. */
export interface StoredModel {
  /** Stable name of the entry: a hub id with its revision (`owner/name@main`), a folder's address, or `cloze:bert`. */
  id: string;
  /** For people: the model as it was asked for. */
  name: string;
  /** Where it comes from: the package itself, the hub, or another address. */
  source: 'default' | 'hub' | 'url';
  /** The address of its folder; of a default model, of its weights. */
  url: string;
  /** Branch, tag or commit that was asked for; `null` where there are none. */
  revision: string | null;
  /** The kind of model (`bert`, `gpt2`), from its kept `config.json` or GGUF file; `null` if that is not there yet. */
  model_type: string | null;
  /** Its files, by name. */
  files: StoredFile[];
  /** Bytes of all its files when whole; `null` where a server has not said, or a file was not begun. */
  bytes: number | null;
  /** Bytes that are on disk. */
  kept_bytes: number;
  /** Whether every file that it needs is here, and every one that was begun is whole. */
  complete: boolean;
  /** When it was last loaded, ms since 1970; `null` if it never was. */
  last_used: number | null;
}

/** One file of it. */
export interface StoredFile {
  /** Name in its folder. */
  name: string;
  /** The address it was fetched from. */
  url: string;
  /** Its whole length; `null` where the server did not say. */
  bytes: number | null;
  /** Bytes that are on disk. */
  kept_bytes: number;
  /** Whether all of it is there; the rest is fetched by the next load. */
  complete: boolean;
  /** SHA-256 of its bytes in hexadecimal, once all of it was there. */
  sha256: string | null;
  /**
   * What `sha256` was compared with: the hub's or the package's own figure (`true`), or nothing but length and version,
   * as the server names no hash (`false`).
   */
  verified: boolean;
  /** When it became whole, ms since 1970. */
  fetched: number | null;
}

/** The browser's storage for this site. */
export interface StorageEstimate {
  /** `opfs` (files), `cache` (Cache API, where there are no files), or `memory`: nothing can be kept. */
  kind: 'opfs' | 'cache' | 'memory';
  /** Bytes this site uses, of all kinds; `null` where the browser does not say. */
  usage: number | null;
  /** Bytes it may use. */
  quota: number | null;
  /** Whether the browser promised not to clear it away when the disk fills up. */
  persisted: boolean;
}

/** What {@link ModelStorage.verify} found of one file. */
export interface VerifiedFile {
  /** Its name in the folder. */
  name: string;
  /** `incomplete` is no fault: the next load fetches the rest. */
  result: 'good' | 'incomplete' | 'damaged';
}

/** What {@link ModelStorage.verify} found. */
export interface Verification {
  /** Whether every file is whole and is what was fetched. */
  good: boolean;
  /** File by file. */
  files: VerifiedFile[];
}

/** Settings of {@link ModelStorage.verify}. */
export interface VerifyOptions {
  /** Hears how many bytes were read, of how many. */
  on_progress?: (progress: { file: string; loaded: number; total: number }) => void;
  /** Stops it; it rejects with code `aborted`. */
  signal?: AbortSignal;
}

/** The models kept in this browser for this site. */
export interface ModelStorage {
  /** All of them, last used first. */
  list(): Promise<StoredModel[]>;
  /**
   * Reads every byte and compares its hash. Damaged files are removed, so that the next load fetches them anew.
   *
   * @throws ClozeError `not_found` (no longer there), `aborted`
   */
  verify(model: StoredModel | string, options?: VerifyOptions): Promise<Verification>;
  /**
   * Removes a model's files. A model that is loaded stays loaded.
   *
   * @throws ClozeError `in_use` while a tab is fetching it or, where models are kept as files, reading it
   */
  delete(model: StoredModel | string): Promise<void>;
  /** How much is used, and how much may be. */
  estimate(): Promise<StorageEstimate>;
  /** Asks the browser not to clear the models away; whether it agreed. */
  persist(): Promise<boolean>;
  /**
   * Calls `listener` when something changed, in this tab or another (while a file arrives, about twice a second): call
   * {@link ModelStorage.list} again. Returns how to stop hearing.
   */
  on_change(listener: () => void): () => void;
}
