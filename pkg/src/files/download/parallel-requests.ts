/** Several requests at once for parts of one file. */
import type { Span } from '../bytes/ranges.js';
import { wait, type Connection } from './connection.js';
import type { DownloadContext } from './incoming-file.js';
import type { Interrupted } from './interrupted.js';
import { broken } from './problems.js';
import { Patience } from './retry.js';

/** Connections at once: browsers allow six to a host. */
const CONNECTIONS = 4;

/** Bytes of a file, and where in it they belong. */
export interface FetchedSpan {
  at: number;
  bytes: Uint8Array;
}

/** What is to be fetched, and how. */
export interface ParallelWork {
  url: string;
  context: DownloadContext;
  /** The parts that are missing: each is a request. */
  parts: Span[];
  /** Asks for a part; the answer must be just that part. */
  connect(span: Span, signal: AbortSignal): Promise<Connection>;
}

/** Bytes that wait until the reader asks for them; their connection is not read meanwhile. */
interface Offer extends FetchedSpan {
  taken(): void;
}

/** Fetches parts of a file, the first ones first. */
export class ParallelRequests {
  /** Parts that no connection has taken yet. */
  readonly #parts: Span[];
  readonly #open = new Set<Connection>();
  readonly #offers: Offer[] = [];
  readonly #stop = new AbortController();
  #running = 0;
  #failure: unknown;
  #wake: () => void = () => undefined;

  constructor(private readonly work: ParallelWork) {
    this.#parts = [...work.parts];
  }

  /**
   * The spans as they come, in any order; each one's bytes are good until the next is asked for. They end when all are
   * there, or when the load is paused. `first` is a connection that is open already, at the first missing byte.
   *
   * @throws what made a connection give up
   */
  async *spans(first: Connection | undefined): AsyncGenerator<FetchedSpan> {
    this.#running = Math.min(CONNECTIONS, this.#parts.length);
    for (let i = 0; i < this.#running; i++) void this.#run(i === 0 ? first : undefined);
    try {
      for (;;) {
        const offer = this.#offers.shift();
        if (offer) {
          try {
            yield offer;
          } finally {
            offer.taken();
          }
        } else {
          if (this.#failure !== undefined) throw this.#failure;
          if (this.#running === 0 || this.#stopped) return;
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      this.#end();
      this.#offers.splice(0).forEach((offer) => offer.taken());
    }
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Ends all connections, and all waiting for one. */
  #end(): void {
    this.#stop.abort();
    for (const connection of this.#open) void connection.close();
  }

  /** Fetches part after part. */
  async #run(connection: Connection | undefined): Promise<void> {
    try {
      for (let part = this.#parts.shift(); part && !this.#stopped; part = this.#parts.shift()) {
        await this.#fetch(part, connection);
        connection = undefined;
      }
    } catch (error) {
      this.#failure ??= error;
      this.#end();
    }
    this.#running--;
    this.#wake();
  }

  /** Fetches a part, over as many connections as it takes. */
  async #fetch([start, end]: Span, connection: Connection | undefined): Promise<void> {
    const { url, context, connect } = this.work;
    const patience = new Patience(context.pace);
    let at = start;
    while (at < end && !this.#stopped) {
      try {
        if (context.pause.paused) {
          this.#end();
          break;
        }
        connection ??= await connect([at, end], this.#stop.signal);
        if (this.#stopped) break;
        this.#open.add(connection);
        const read = await connection.read();
        if (this.#stopped) break;
        if (!read) throw broken(url, at);
        const bytes = read.subarray(0, end - at);
        await this.#offer({ at, bytes });
        at += bytes.byteLength;
        patience.progress();
      } catch (error) {
        await this.#leave(connection);
        connection = undefined;
        if (this.#stopped) break;
        await wait(patience.after(error), url, error as Interrupted, context.tell, this.#stop.signal);
      }
    }
    await this.#leave(connection);
  }

  /** Waits until the reader has used the bytes. */
  #offer(span: FetchedSpan): Promise<void> {
    return new Promise((taken) => {
      this.#offers.push({ ...span, taken });
      this.#wake();
    });
  }

  async #leave(connection: Connection | undefined): Promise<void> {
    if (!connection) return;
    this.#open.delete(connection);
    await connection.close();
  }
}
