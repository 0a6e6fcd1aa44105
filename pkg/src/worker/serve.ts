/** The worker's side of the protocol: calls wait for each other, and can be stopped between two steps. */
import { aborted, ClozeError, isTrap, toData, trapped } from '../border/errors.js';
import type { BuildChoice, LoadRequest } from '../border/load-request.js';
import { PauseSwitch } from '../files/download/pause-switch.js';
import { free } from './free.js';
import { loadModel } from './load-model.js';
import type { CallName, Calls, GenerationDone, GenerationEvent, Request, Response } from '../border/protocol.js';
import type { WasmGeneration, WasmModel, WasmModule } from '../border/wasm-module.js';

/** The two ends of a message port. */
export interface Port {
  post(message: Response): void;
  listen(receive: (request: Request) => void): void;
}

/** What a call can do besides computing. */
interface Context<N extends CallName> {
  tell(event: Calls[N]['event']): void;
  /** Lets messages in, then throws `aborted` if one of them stopped this call. */
  breathe(): Promise<void>;
}

/** Makes an instance of the core; `alarm` is {@link LoadRequest}'s. */
export type Instantiate = (choice: BuildChoice, alarm?: string) => Promise<WasmModule>;

type Handlers = { [N in CallName]: (params: Calls[N]['params'], context: Context<N>) => Promise<Calls[N]['result']> };

/** Serves a port. `instantiate` makes the core; tests pass their own. */
export function serve(port: Port, instantiate: Instantiate): void {
  let core: WasmModule | undefined;
  const pause = new PauseSwitch();
  const handlers = makeHandlers(async (choice, alarm) => (core = await instantiate(choice, alarm)), pause);
  /** Calls that have not ended yet. */
  const open = new Set<number>();
  const stopped = new Set<number>();
  let last: Promise<unknown> = Promise.resolve();

  const run = async (request: Extract<Request, { params: unknown }>): Promise<void> => {
    const { id, call, params } = request;
    const check = (): void => {
      if (stopped.has(id)) throw aborted('The call');
    };
    const context: Context<CallName> = {
      tell: (event) => port.post({ id, kind: 'event', event }),
      breathe: async () => {
        await nextTask();
        check();
      },
    };
    try {
      check();
      const handler = handlers[call] as (params: unknown, context: unknown) => Promise<unknown>;
      port.post({ id, kind: 'result', result: await handler(params, context) });
    } catch (error) {
      port.post({ id, kind: 'error', ...describe(error, core) });
    } finally {
      open.delete(id);
      stopped.delete(id);
    }
  };

  port.listen((request) => {
    if ('params' in request) {
      open.add(request.id);
      last = last.then(() => run(request));
    } else if (request.call !== 'abort') {
      pause.set(request.call === 'pause');
    } else if (open.has(request.id)) {
      stopped.add(request.id);
    }
  });
}

/**
 * What the core refuses has a code. Anything else came out of the middle of its work and leaves the instance unusable:
 * its memory may be half written.
 */
function describe(
  error: unknown,
  core: WasmModule | undefined,
): Pick<Extract<Response, { kind: 'error' }>, 'error' | 'fatal'> {
  // Of a trapped instance little is certain, but a number can be read.
  if (isTrap(error)) return { error: toData(trapped(error, core?.refused_bytes() ?? 0)), fatal: true };
  const refused = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return { error: toData(error), fatal: !refused };
}

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** The next turn of the event loop; unlike a timer, a message is not held back by 4 ms. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}

function makeHandlers(instantiate: Instantiate, pause: PauseSwitch): Handlers {
  let loaded: WasmModel | undefined;
  const model = (): WasmModel => {
    if (!loaded) throw new ClozeError('internal', 'The model was asked before it was loaded.');
    return loaded;
  };

  async function load(request: LoadRequest, { tell }: Context<'load'>): Promise<Calls['load']['result']> {
    tell({ status: 'initiate', message: 'Starting the model core' });
    let { choice } = request;
    const wasm = await instantiate(choice, request.alarm).catch((error: unknown) => {
      if (!choice.fallback) throw error;
      choice = choice.fallback;
      return instantiate(choice);
    });
    const { build, threads, threads_off_reason } = choice;
    loaded = await loadModel(wasm, request, tell, { pause });
    const { version } = wasm.build_info();
    const runtime = { build, threads, threads_off_reason, version, wasm_bytes: wasm.memory_bytes() };
    tell({ status: 'ready', message: 'The model is ready' });
    return { info: loaded.info(), runtime };
  }

  return {
    load,
    tokenize: async ({ text, pair }) => model().tokenize(text, pair),
    fill_mask: async ({ text, options }) => model().fill_mask(text, options),
    async joint_fill({ text, options }, { tell, breathe }) {
      const fill = model().joint_fill(text, options);
      try {
        for (let step = fill.next(); step; step = fill.next()) {
          tell(step);
          await breathe();
        }
        return { sequence: fill.sequence(), log_prob: fill.log_prob() };
      } finally {
        free(fill);
      }
    },
    next_sentences: async ({ a, candidates }, context) =>
      batches(model().next_sentences(a, candidates), context, () => null),
    async pseudo_perplexity({ text }, context) {
      const scoring = model().pseudo_perplexity(text);
      return batches(scoring, context, () => ({ perplexity: scoring.perplexity() }));
    },
    generate: async ({ prompt, options }, context) => write(model().generate(prompt, options), context),
    chat: async ({ messages, options }, context) => write(model().chat(messages, options), context),
    summary_plan: async ({ document, options }) => model().summary_plan(document, options),
    summarize: async ({ document, options }, context) => write(model().summarize(document, options), context),
  };
}

/** Tells batch after batch; what `end` makes of it once all are told. */
async function batches<E, R>(
  steps: { next(): E | undefined; free(): void },
  { tell, breathe }: { tell(event: E): void; breathe(): Promise<void> },
  end: () => R,
): Promise<R> {
  try {
    for (let batch = steps.next(); batch !== undefined; batch = steps.next()) {
      tell(batch);
      await breathe();
    }
    return end();
  } finally {
    free(steps);
  }
}

/** Drives a generation to its end. */
async function write(
  generation: WasmGeneration,
  { tell, breathe }: { tell(event: GenerationEvent): void; breathe(): Promise<void> },
): Promise<GenerationDone> {
  try {
    const plan = generation.plan();
    if (plan) tell({ type: 'plan', plan });
    const prompt_tokens = generation.prompt_tokens().length;
    const start = performance.now();
    let prefilled = start;
    for (;;) {
      const step = generation.next();
      if (step.type === 'done') {
        const { text, finish_reason } = step;
        const prefill_ms = prefilled - start;
        return {
          text,
          finish_reason,
          prompt_tokens,
          prefill_ms,
          decode_ms: performance.now() - prefilled,
          ...(plan && { plan }),
        };
      }
      if (step.type === 'prefill') prefilled = performance.now();
      // Of a beam search there is no news until a token is certain.
      if (step.type !== 'search') tell(step);
      await breathe();
    }
  } finally {
    free(generation);
  }
}
