/** What was typed, kept in the browser's storage while it is being typed. */

/** Between typing and writing, ms. */
const PAUSE = 250;

/** A value in the browser's storage. That it is refused or full is told of once, and that it no longer is; the value stays in memory. */
export class Kept<T extends object> {
  #value: T;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #full = false;

  constructor(
    private readonly key: string,
    /** What is taken where nothing is kept, and for what a kept value lacks. */
    private readonly initial: T,
    /** Another tab changed it, it could not be kept, or can be again. */
    private readonly told: (what: 'changed' | 'full' | 'kept') => void,
    private readonly storage: () => Storage = () => localStorage,
  ) {
    this.#value = this.#read();
  }

  /** The value. */
  get value(): T {
    return this.#value;
  }

  /** Changes some keys. */
  change(change: Partial<T>): void {
    this.#value = { ...this.#value, ...change };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), PAUSE);
  }

  /** Writes what is not written yet: a tab may be closed right after typing. */
  readonly flush = (): void => {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.storage().setItem(this.key, JSON.stringify(this.#value));
      if (this.#full) this.told('kept');
      this.#full = false;
    } catch {
      if (!this.#full) this.told('full');
      this.#full = true;
    }
  };

  /** Takes over what another tab wrote, where nothing was typed here since. */
  readonly heard = (event: Pick<StorageEvent, 'key'>): void => {
    if (event.key !== this.key || this.#timer !== undefined) return;
    this.#value = this.#read();
    this.told('changed');
  };

  /** Hears other tabs, and that the page is left. */
  connect(): void {
    addEventListener('storage', this.heard);
    addEventListener('pagehide', this.flush);
  }

  /** Ends that. */
  disconnect(): void {
    this.flush();
    removeEventListener('storage', this.heard);
    removeEventListener('pagehide', this.flush);
  }

  #read(): T {
    try {
      const kept: unknown = JSON.parse(this.storage().getItem(this.key) ?? '{}');
      return { ...this.initial, ...sameKinds(this.initial, kept) };
    } catch {
      return this.initial;
    }
  }
}

/** The keys of `kept` that are of the same kind as in `initial`: another version of the page may have written others. */
function sameKinds<T extends object>(initial: T, kept: unknown): Partial<T> {
  if (typeof kept !== 'object' || kept === null) return {};
  const kind = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
  const same = Object.entries(kept).filter(
    ([key, value]) => Object.hasOwn(initial, key) && kind(value) === kind(initial[key as keyof T]),
  );
  return Object.fromEntries(same) as Partial<T>;
}
