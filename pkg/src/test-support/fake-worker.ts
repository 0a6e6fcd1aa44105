/** A worker without a thread: the real `serve` on a fake core, behind a port that copies messages as real ones do. */
import type { WorkerLike } from '../page/client.js';
import type { LoadRequest } from '../border/load-request.js';
import type { Request, Response } from '../border/protocol.js';
import { serve, type Instantiate } from '../worker/serve.js';
import { fakeCore, type FakeCore } from './fake-core.js';

/** A load of three tiny files. */
export const REQUEST: LoadRequest = {
  source: {
    kind: 'default',
    id: 'bert',
    files: {
      'config.json': { url: 'data:application/json,{}' },
      'tokenizer.json': { url: 'data:application/json,{}' },
      'model.gguf': { url: 'data:application/octet-stream,weights' },
    },
  },
  dtype: 'q8',
  choice: { build: 'simd128', threads: 1, threads_off_reason: 'A test.' },
  wasm: { simd128: 'data:,', 'relaxed-simd': 'data:,', 'relaxed-simd-threads': 'data:,' },
  use_browser_cache: true,
};

/** As {@link WorkerLike}, with what happened to it. */
export class FakeWorker implements WorkerLike {
  readonly core: FakeCore = fakeCore();
  readonly received: Request[] = [];
  terminated = false;
  readonly #listeners: ((event: { data: Response }) => void)[] = [];
  readonly #failureListeners: ((event: { message?: string }) => void)[] = [];
  #receive: (request: Request) => void = () => undefined;

  constructor(instantiate?: Instantiate) {
    serve(
      {
        post: (message) =>
          this.#deliver(() => this.#listeners.forEach((listener) => listener({ data: structuredClone(message) }))),
        listen: (receive) => (this.#receive = receive),
      },
      instantiate ?? (async () => this.core.wasm),
    );
  }

  postMessage(message: unknown): void {
    const request = structuredClone(message) as Request;
    this.received.push(request);
    this.#deliver(() => this.#receive(request));
  }

  terminate(): void {
    this.terminated = true;
  }

  addEventListener(type: string, listener: (event: { data: Response } & { message?: string }) => void): void {
    if (type === 'message') this.#listeners.push(listener as (event: { data: Response }) => void);
    if (type === 'error') this.#failureListeners.push(listener as (event: { message?: string }) => void);
  }

  /** As when its script throws or cannot be loaded. */
  fail(message?: string): void {
    this.#failureListeners.forEach((listener) => listener(message === undefined ? {} : { message }));
  }

  #deliver(act: () => void): void {
    setImmediate(() => this.terminated || act());
  }
}
