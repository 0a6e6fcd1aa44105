/** The page's side of the protocol: one worker for one model, replaced when it crashes. */
import { isForeign } from '../border/addresses.js';
import { aborted, ClozeError, fromData, type ErrorData } from '../border/errors.js';
import type { LoadRequest } from '../border/load-request.js';
import type { CallName, Calls, Request, Response, TokenizerData } from '../border/protocol.js';
import type { ModelInfo, ProgressInfo, RuntimeInfo } from '../border/types.js';
import { language } from '../words/language.js';
import { coreAdvice, coreErrors, optionErrors, workerErrors } from '../words/page/index.js';
import { expected } from '../files/download/whole-progress.js';
import { untilAborted } from './abort.js';

/** What a worker is to the client; tests pass their own. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: 'message', listener: (event: { data: Response }) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: (event: { message?: string }) => void): void;
}

/** Settings of one call. */
export interface CallSettings<N extends CallName> {
  signal?: AbortSignal | undefined;
  on_event?: (event: Calls[N]['event']) => void;
}

interface Pending {
  resolve(result: never): void;
  reject(error: ClozeError): void;
  on_event: ((event: never) => void) | undefined;
}

/** What is known once the model is there. */
export interface Loaded {
  info: ModelInfo;
  runtime: RuntimeInfo;
  tokenizer: TokenizerData;
}

/** What a worker may hold: a model, or a tokenizer without one. */
type Loading = 'load' | 'load_tokenizer';

/** A model in a worker, or its tokenizer alone. */
export class ModelClient<L extends Loading = 'load'> {
  readonly #listeners = new Set<(progress: ProgressInfo) => void>();
  #worker: WorkerLike | undefined;
  #alarm: BroadcastChannel | undefined;
  #loaded: Promise<Calls[L]['result']> | undefined;
  #pending = new Map<number, Pending>();
  #nextId = 1;
  #disposed = false;
  /** Who holds the load up. */
  readonly #pausers = new Set<object>();
  readonly #pauseListeners = new Set<(paused: boolean) => void>();
  /** The last that was said of a load under way. */
  #progress: ProgressInfo | undefined;
  /** The load under way. */
  #loadId: number | undefined;

  constructor(
    private request: LoadRequest,
    private readonly makeWorker: () => WorkerLike,
    private readonly loading: L = 'load' as L,
  ) {}

  /** Hears of the load, of one under way from where it is; returns how to stop hearing. */
  onProgress(listener: (progress: ProgressInfo) => void): () => void {
    this.#listeners.add(listener);
    if (this.#progress) listener(this.#progress);
    return () => this.#listeners.delete(listener);
  }

  /** Hears when the load is held up or goes on, whoever wanted it; returns how to stop hearing. */
  onPause(listener: (paused: boolean) => void): () => void {
    this.#pauseListeners.add(listener);
    return () => this.#pauseListeners.delete(listener);
  }

  /** Starts the worker and loads the model, if that has not happened yet or the last worker crashed. */
  load(): Promise<Calls[L]['result']> {
    if (this.#disposed) return Promise.reject(disposed());
    if (this.#loaded) return this.#loaded;
    const loading: Promise<Calls[L]['result']> = this.#start().catch((error: unknown) => {
      const { lean_wasm, ...request } = this.request;
      if (!lean_wasm || this.#disposed || (error as ClozeError).code !== 'beyond_build') throw error;
      // The lean build does not read this model's tokenizer: the whole one does.
      this.request = request;
      this.#loaded = loading;
      return this.#start();
    });
    this.#loaded = loading;
    // What failed is tried anew by the next call.
    loading.catch(() => {
      if (this.#loaded === loading) this.#loaded = undefined;
    });
    return loading;
  }

  /**
   * One call; calls are served in the order of asking. With `signal`, it rejects at once when that aborts, and the worker
   * stops at its next step.
   */
  async call<N extends CallName>(
    call: N,
    params: Calls[N]['params'],
    settings: CallSettings<N> = {},
  ): Promise<Calls[N]['result']> {
    if (settings.signal?.aborted) throw aborted('The call');
    await untilAborted(this.load(), settings.signal);
    return this.#post(call, params, settings);
  }

  /** Whether the load is held up. */
  get paused(): boolean {
    return this.#pausers.size > 0;
  }

  /** Holds the load up, this one or the next, until somebody resumes it or `by` leaves. */
  pause(by: object): void {
    this.#changePause(() => this.#pausers.add(by));
  }

  /** Lets the load go on, whoever holds it up. */
  resume(): void {
    this.#changePause(() => this.#pausers.clear());
  }

  /** Whoever is gone holds nothing up. */
  leave(by: object): void {
    this.#changePause(() => this.#pausers.delete(by));
  }

  #changePause(change: () => unknown): void {
    const before = this.paused;
    change();
    if (this.paused === before) return;
    this.#postPause();
    this.#pauseListeners.forEach((listener) => listener(this.paused));
  }

  #postPause(): void {
    if (this.#loadId !== undefined)
      this.#worker?.postMessage({ id: this.#loadId, call: this.paused ? 'pause' : 'resume' } satisfies Request);
  }

  /** Ends the worker. Calls under way are rejected. */
  dispose(): void {
    this.#disposed = true;
    this.#end(disposed());
  }

  async #start(): Promise<Calls[L]['result']> {
    const worker = this.#makeWorker();
    this.#worker = worker;
    const whole = this.loading === 'load' ? expected(this.request.source) : undefined;
    if (whole) this.#tell({ status: 'initiate', message: workerErrors.starting, whole });
    let answered = false;
    worker.addEventListener('message', ({ data }) => {
      answered = true;
      this.#receive(worker, data);
    });
    const failed = (event: { message?: string }): void => {
      if (this.#worker !== worker) return;
      this.#end(
        event.message && (answered || !this.#foreign)
          ? new ClozeError('worker_failed', workerErrors.failed(event.message))
          : this.#couldNotStart(event.message || workerErrors.scriptNotLoaded),
      );
    };
    worker.addEventListener('error', failed);
    worker.addEventListener('messageerror', failed);
    const alarm = this.#listenForCrashedThreads();
    try {
      return await this.#post(
        this.loading,
        { ...this.request, language: language(), ...(alarm && { alarm }) },
        { on_event: (progress: ProgressInfo) => this.#tell(progress) },
      );
    } catch (error) {
      // A worker without a model is of no use; the next call begins afresh.
      if (this.#worker === worker) this.#end(error as ClozeError);
      throw error;
    } finally {
      if (this.#worker === worker || !this.#worker) this.#progress = undefined;
    }
  }

  #tell(progress: ProgressInfo): void {
    if (progress.status !== 'warning') this.#progress = progress;
    this.#listeners.forEach((listener) => listener(progress));
  }

  #makeWorker(): WorkerLike {
    try {
      return this.makeWorker();
    } catch (cause) {
      throw this.#couldNotStart(cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  /** The origin that the package comes from, if it is not the page's own: the wasm lies beside the worker. */
  get #foreign(): string | undefined {
    const address = this.request.wasm.simd128;
    return isForeign(address) ? new URL(address).origin : undefined;
  }

  #couldNotStart(why: string, cause?: unknown): ClozeError {
    const origin = this.#foreign;
    const message = origin ? workerErrors.notStartedElsewhere(why, origin) : workerErrors.notStarted(why);
    return new ClozeError('worker_failed', message, {}, { cause });
  }

  /** A crashed thread leaves the worker waiting for it for ever, so the threads have their own way to the page. */
  #listenForCrashedThreads(): string | undefined {
    if (this.request.choice.build !== 'relaxed-simd-threads') return undefined;
    const name = `cloze ${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
    let channel: BroadcastChannel;
    try {
      channel = new BroadcastChannel(name);
    } catch {
      return undefined;
    }
    channel.onmessage = ({ data }: MessageEvent<ErrorData>) => this.#end(fromData(advised(data)));
    this.#alarm = channel;
    return name;
  }

  #post<N extends CallName>(
    call: N,
    params: Calls[N]['params'],
    { signal, on_event }: CallSettings<N>,
  ): Promise<Calls[N]['result']> {
    return new Promise((resolve, reject) => {
      const worker = this.#worker;
      if (!worker) return reject(this.#disposed ? disposed() : new ClozeError('worker_failed', workerErrors.gone));
      if (signal?.aborted) return reject(aborted('The call'));
      const id = this.#nextId++;
      const onAbort = (): void => {
        if (!this.#pending.delete(id)) return;
        worker.postMessage({ id, call: 'abort' } satisfies Request);
        reject(aborted('The call'));
      };
      const settled = (): void => signal?.removeEventListener('abort', onAbort);
      this.#pending.set(id, {
        resolve: (result) => {
          settled();
          resolve(result);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
        on_event,
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        worker.postMessage({ id, call, params });
        if ((call as CallName) === this.loading) {
          this.#loadId = id;
          if (this.paused) this.#postPause();
        }
      } catch (cause) {
        this.#pending.delete(id);
        settled();
        reject(new ClozeError('invalid_option', optionErrors.unsendable, {}, { cause }));
      }
    });
  }

  #receive(worker: WorkerLike, response: Response): void {
    if (worker !== this.#worker) return;
    const pending = this.#pending.get(response.id);
    if (response.kind === 'event') {
      pending?.on_event?.(response.event as never);
      return;
    }
    this.#pending.delete(response.id);
    if (response.kind === 'result') {
      pending?.resolve(response.result as never);
      return;
    }
    const error = fromData(advised(response.error));
    pending?.reject(error);
    if (response.fatal) this.#end(error);
  }

  /** Throws the worker away and rejects what it still owed. */
  #end(error: ClozeError): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#alarm?.close();
    this.#alarm = undefined;
    this.#loaded = undefined;
    this.#loadId = undefined;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    // One error each: callers add what they have to theirs.
    pending.forEach(({ reject }) =>
      reject(new ClozeError(error.code, error.message, error.details, { cause: error.cause })),
    );
  }
}

/** For calls on a pipeline that was let go. */
export const disposed = (): ClozeError => new ClozeError('disposed', workerErrors.disposed);

/** An error of the core, with what can be done about it in a browser. */
export function advised(error: ErrorData): ErrorData {
  const details = error.details ?? {};
  const message = coreErrors[error.code]?.(details) ?? error.message;
  const advice = coreAdvice[error.code]?.(details) ?? '';
  return { ...error, message: advice === '' ? message : `${message} ${advice}` };
}
