/** The page's side of the protocol: one worker for one thing that learns. */
import { advised } from '../page/client.js';
import { isForeign } from '../border/addresses.js';
import { ClozeError, fromData, type ErrorData } from '../border/errors.js';
import { language } from '../words/language.js';
import { workerErrors } from '../words/page/index.js';
import { trainingErrors as say } from '../words/training/index.js';
import type {
  TrainingCall,
  TrainingCalls,
  TrainingNews,
  TrainingRequest,
  TrainingResponse,
  TrainingStart,
} from './protocol.js';
import type { TrainingRuntime } from './types.js';

/** What a worker is to the client; tests pass their own. */
export interface TrainingWorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: 'message', listener: (event: { data: TrainingResponse }) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: (event: { message?: string }) => void): void;
}

interface Pending {
  resolve(result: never): void;
  reject(error: ClozeError): void;
}

/** A training worker. */
export class TrainingClient {
  readonly #worker: TrainingWorkerLike;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #ended: ClozeError | undefined;
  #alarm: BroadcastChannel | undefined;
  /** Hears what happens by itself. */
  on_news: (news: TrainingNews) => void = () => undefined;
  /** Hears that the worker ended by itself. */
  on_end: (error: ClozeError) => void = () => undefined;

  private constructor(start: TrainingStart, make: () => TrainingWorkerLike) {
    try {
      this.#worker = make();
    } catch (cause) {
      throw notStarted(start, cause instanceof Error ? cause.message : String(cause), cause);
    }
    let answered = false;
    this.#worker.addEventListener('message', ({ data }) => {
      answered = true;
      this.#receive(data);
    });
    const failed = ({ message }: { message?: string }): void =>
      this.end(
        answered && message
          ? new ClozeError('worker_failed', say.crashed(message))
          : notStarted(start, message || workerErrors.scriptNotLoaded),
      );
    this.#worker.addEventListener('error', failed);
    this.#worker.addEventListener('messageerror', failed);
  }

  /** Starts a worker and its core. */
  static async start(
    start: TrainingStart,
    make: () => TrainingWorkerLike,
  ): Promise<{ client: TrainingClient; runtime: TrainingRuntime }> {
    const client = new TrainingClient(start, make);
    try {
      const alarm = client.#listenForCrashedThreads(start);
      const runtime = await client.call('open', {
        ...start,
        language: language(),
        ...(alarm !== undefined && { alarm }),
      });
      return { client, runtime };
    } catch (error) {
      client.end(error as ClozeError);
      throw error;
    }
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** One call; they are served in the order of asking. */
  call<N extends TrainingCall>(call: N, params: TrainingCalls[N]['params']): Promise<TrainingCalls[N]['result']> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(again(this.#ended));
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      try {
        this.#worker.postMessage({ id, call, params } satisfies TrainingRequest<N>);
      } catch (cause) {
        this.#pending.delete(id);
        reject(new ClozeError('invalid_option', say.unsendable, {}, { cause }));
      }
    });
  }

  /** Throws the worker away; what it still owed is rejected. */
  end(error: ClozeError = new ClozeError('disposed', say.closed)): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#worker?.terminate();
    this.#alarm?.close();
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    pending.forEach(({ reject }) => reject(again(error)));
    if (error.code !== 'disposed') this.on_end(error);
  }

  #receive(response: TrainingResponse): void {
    if (this.#ended) return;
    if (response.kind === 'news') {
      const { news } = response;
      if (news.type === 'failed' && news.fatal) this.end(fromData(advised(news.error)));
      else this.on_news(news);
      return;
    }
    const pending = this.#pending.get(response.id);
    this.#pending.delete(response.id);
    if (response.kind === 'result') return pending?.resolve(response.result as never);
    const error = fromData(advised(response.error));
    pending?.reject(error);
    if (response.fatal) this.end(error);
  }

  /** A crashed thread leaves the worker waiting for it for ever, so the threads have their own way to the page. */
  #listenForCrashedThreads({ choice: { build } }: TrainingStart): string | undefined {
    if (build !== 'relaxed-simd-threads') return undefined;
    const name = `cloze training ${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
    try {
      this.#alarm = new BroadcastChannel(name);
    } catch {
      return undefined;
    }
    this.#alarm.onmessage = ({ data }: MessageEvent<ErrorData>) => this.end(fromData(advised(data)));
    return name;
  }
}

/** One error each: callers add what they have to theirs. */
const again = ({ code, message, details, cause }: ClozeError): ClozeError =>
  new ClozeError(code, message, details, { cause });

function notStarted({ wasm }: TrainingStart, why: string, cause?: unknown): ClozeError {
  const origin = isForeign(wasm.simd128) ? new URL(wasm.simd128).origin : undefined;
  const message = origin === undefined ? say.notStarted(why) : workerErrors.notStartedElsewhere(why, origin);
  return new ClozeError('worker_failed', message, {}, { cause });
}
