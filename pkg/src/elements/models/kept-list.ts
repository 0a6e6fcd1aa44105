/**
 * What is kept, looked up once for all who show it. A download tells of itself twice a second, and looking reads into
 * the files: so between two looks that nobody asked for there is a pause.
 */
import { models, type StoredModel } from '../../index.js';

/** Between two looks, ms. */
const PAUSE = 2000;

/** Hears what is kept, or why that cannot be known. */
export interface KeptListener {
  kept(list: readonly StoredModel[]): void;
  failed?(error: unknown): void;
}

/** Where the list comes from; tests pass their own. */
export interface KeptSource {
  list(): Promise<readonly StoredModel[]>;
  on_change(listener: () => void): () => void;
}

/** A list with those who show it. */
export class KeptList {
  readonly #listeners = new Set<KeptListener>();
  #looking: Promise<void> | undefined;
  /** A look that has not begun. */
  #next: Promise<void> | undefined;
  #looked = -PAUSE;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopHearing: (() => void) | undefined;

  constructor(private readonly source: KeptSource) {}

  /** Hears it now and whenever it changes; returns how to stop hearing. */
  watch(listener: KeptListener): () => void {
    this.#listeners.add(listener);
    this.#stopHearing ??= this.source.on_change(() => this.#changed());
    void this.look();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stopHearing?.();
      this.#stopHearing = undefined;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Looks; when it is done, all have heard what was there at the time of asking or later. */
  look(): Promise<void> {
    if (!this.#looking) return (this.#looking = this.#look());
    // The one under way may have missed what the caller just did.
    return (this.#next ??= this.#looking.then(() => {
      this.#next = undefined;
      return (this.#looking = this.#look());
    }));
  }

  #changed(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        void this.look();
      },
      Math.max(0, this.#looked + PAUSE - performance.now()),
    );
  }

  async #look(): Promise<void> {
    try {
      const list = await this.source.list();
      this.#listeners.forEach((listener) => listener.kept(list));
    } catch (error) {
      this.#listeners.forEach((listener) => listener.failed?.(error));
    }
    this.#looked = performance.now();
    this.#looking = undefined;
  }
}

/** Those of an earlier list where they stood, the others after them. */
export function inOrderOf<T extends { readonly id: string }>(earlier: readonly T[], list: readonly T[]): readonly T[] {
  const place = new Map(earlier.map(({ id }, index) => [id, index]));
  return [...list].sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || 0);
}

/** The page's. */
export const keptList = new KeptList(models);
