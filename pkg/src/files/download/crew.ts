/** Several connections that fetch one file into the storage. */
import type { Ranges, Span } from '../bytes/ranges.js';
import { broken, wait, type Connection } from './connection.js';
import type { Fetching } from './file.js';
import { Patience, Transient } from './retry.js';

/** Bytes that one connection fetches before it takes the next part. */
export const PART = 16 << 20;
/** From so many missing bytes on several connections are worth it. */
export const WORTH = 2 * PART;
/** Connections at once: browsers allow six to a host. */
const CONNECTIONS = 4;

/** What a crew does its work with. */
export interface CrewWork {
  url: string;
  /** What is there; the crew adds to it. */
  safe: Ranges;
  length: number;
  fetching: Fetching;
  connect(span: Span, signal: AbortSignal): Promise<Connection>;
  /** Puts bytes where they belong. */
  write(bytes: Uint8Array, at: number): void | Promise<void>;
  /** Called after each piece. */
  arrived(bytes: number): void | Promise<void>;
}

/** The load is paused: the crew has stopped, and another one goes on later. */
export class Paused extends Error {}

/** Fetches what is missing, first parts first. */
export class Crew {
  readonly #jobs: Span[];
  readonly #open = new Set<Connection>();
  readonly #stop = new AbortController();
  #running: number;
  #failure: unknown;
  #wake: (() => void)[] = [];

  /** `first` is a connection that is open already, at the first missing byte. */
  constructor(
    private readonly work: CrewWork,
    first: Connection | undefined,
  ) {
    this.#jobs = work.safe.missing(work.length, PART);
    this.#running = Math.min(CONNECTIONS, this.#jobs.length);
    for (let i = 0; i < this.#running; i++) void this.#member(i === 0 ? first : undefined);
  }

  /**
   * Waits until the byte at `at` is there.
   *
   * @throws what made the crew give up
   */
  async reached(at: number): Promise<void> {
    while (this.work.safe.endFrom(at) === at) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#running === 0) throw new Error('the crew ended too early');
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Ends all connections, and all waiting for one. Nothing is written from now on. */
  stop(): void {
    this.#stop.abort();
    for (const connection of this.#open) void connection.close();
  }

  async #member(connection: Connection | undefined): Promise<void> {
    try {
      for (let job = this.#jobs.shift(); job && !this.#stopped; job = this.#jobs.shift()) {
        await this.#fetch(job, connection);
        connection = undefined;
      }
    } catch (error) {
      this.#failure ??= error;
      this.stop();
    }
    this.#running--;
    this.#wakeAll();
  }

  async #fetch([start, end]: Span, connection: Connection | undefined): Promise<void> {
    const { url, fetching, connect, write, arrived, safe } = this.work;
    const patience = new Patience(fetching.pace);
    let at = start;
    while (at < end && !this.#stopped) {
      try {
        if (fetching.gate.shut) throw new Paused();
        connection ??= await connect([at, end], this.#stop.signal);
        if (this.#stopped) break;
        this.#open.add(connection);
        const read = await connection.read();
        if (this.#stopped) break;
        if (!read) throw broken(url, at);
        const bytes = read.subarray(0, end - at);
        await write(bytes, at);
        safe.add(at, at + bytes.byteLength);
        at += bytes.byteLength;
        patience.progress();
        await arrived(bytes.byteLength);
        this.#wakeAll();
      } catch (error) {
        await this.#leave(connection);
        connection = undefined;
        if (this.#stopped) break;
        await wait(patience.after(error), url, error as Transient, fetching.tell, this.#stop.signal);
      }
    }
    await this.#leave(connection);
  }

  async #leave(connection: Connection | undefined): Promise<void> {
    if (!connection) return;
    this.#open.delete(connection);
    await connection.close();
  }

  #wakeAll(): void {
    this.#wake.splice(0).forEach((wake) => wake());
  }
}
