/** The worker's side of the protocol: calls wait for each other, and can be stopped between two steps. */
import { aborted, ClozeError } from '../border/errors.js';
import { speakTag } from '../words/language.js';
import { workerWords as say } from '../words/worker/index.js';
import type { BuildChoice, LoadRequest } from '../border/load-request.js';
import { PauseSwitch } from '../files/download/pause-switch.js';
import { loadModel, loadTokenizer, type StartCore } from './load-model.js';
import {
  SPECIAL_NAMES,
  type CallName,
  type Calls,
  type Request,
  type Response,
  type TokenizerData,
} from '../border/protocol.js';
import type { ProgressInfo, RuntimeInfo } from '../border/types.js';
import { WholeProgress } from '../files/download/whole-progress.js';
import { CALLS, isTokenizerCall, TOKENIZER_CALLS, type Context } from './calls.js';
import type { FetchListener } from './compile.js';
import type { Core, Model, TextTokenizer } from './core.js';
import { describe } from './describe.js';
import { nextTask } from './next-task.js';

/** The two ends of a message port. */
export interface Port {
  post(message: Response): void;
  listen(receive: (request: Request) => void): void;
}

/** The build to start; `alarm` is {@link LoadRequest}'s. */
export interface Start extends BuildChoice {
  /** Where its wasm lies. */
  wasm: string;
  alarm?: string | undefined;
}

/** Makes an instance of the core. */
export type Instantiate = (start: Start, listener?: FetchListener) => Promise<Core>;

/** Runs a call to its result. */
type Handle = (call: CallName, params: unknown, context: Context<unknown>) => unknown;

/** Serves a port. `instantiate` makes the core; tests pass their own. */
export function serve(port: Port, instantiate: Instantiate): void {
  let core: Core | undefined;
  const pause = new PauseSwitch();
  const handle = makeHandler(async (...start) => (core = await instantiate(...start)), pause);
  /** Calls that have not ended yet. */
  const open = new Set<number>();
  const stopped = new Set<number>();
  let last: Promise<unknown> = Promise.resolve();

  const run = async (request: Extract<Request, { params: unknown }>): Promise<void> => {
    const { id, call, params } = request;
    const check = (): void => {
      if (stopped.has(id)) throw aborted('The call');
    };
    const context: Context<unknown> = {
      tell: (event) => port.post({ id, kind: 'event', event }),
      breathe: async () => {
        await nextTask();
        check();
      },
    };
    try {
      check();
      port.post({ id, kind: 'result', result: await handle(call, params, context) });
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

function makeHandler(instantiate: Instantiate, pause: PauseSwitch): Handle {
  let loaded: Model | undefined;
  let tokenizer: TextTokenizer | undefined;

  /** How to start the core, in the build of the request or the one that stands in for it, and what then runs. */
  function starting(
    request: LoadRequest,
    listener?: FetchListener,
  ): { start: StartCore; runtime(): Promise<RuntimeInfo> } {
    let { choice } = request;
    let lean = false;
    let core: Promise<Core> | undefined;
    const begin = (alarm?: string): Promise<Core> => {
      const addresses = (lean ? request.lean_wasm : undefined) ?? request.wasm;
      return instantiate({ ...choice, wasm: addresses[choice.build], alarm }, listener);
    };
    const either = (): Promise<Core> =>
      begin(request.alarm).catch((error: unknown) => {
        if (!choice.fallback) throw error;
        choice = choice.fallback;
        return begin();
      });
    const begun = async (mayBeLean: () => Promise<boolean>): Promise<Core> => {
      lean = request.lean_wasm !== undefined && (await mayBeLean());
      return either().catch((error: unknown) => {
        if (!lean) throw error;
        // The whole one runs the model as well, and may be there where the lean one is not: on a host, or kept for offline.
        lean = false;
        ({ choice } = request);
        return either();
      });
    };
    const runtime = async (): Promise<RuntimeInfo> => {
      const { build_info, memory_bytes } = await core!;
      const { build, threads, threads_off_reason } = choice;
      const { version } = build_info();
      return { build, lean, threads, threads_off_reason, version, wasm_bytes: memory_bytes() };
    };
    return { start: (mayBeLean) => (core = begun(mayBeLean)), runtime };
  }

  async function load(request: LoadRequest, context: Context<ProgressInfo>): Promise<Calls['load']['result']> {
    await speakTag(request.language);
    const whole = new WholeProgress(request.source);
    const tell = (progress: ProgressInfo): void => context.tell(whole.with(progress));
    tell({ status: 'initiate', message: say.starting });
    const { start, runtime } = starting(request, whole);
    loaded = await loadModel(start, request, tell, { pause, expect: whole.expect.bind(whole) });
    tokenizer = loaded.text_tokenizer();
    const result = { info: loaded.info(), runtime: await runtime(), tokenizer: dataOf(tokenizer) };
    tell({ status: 'ready', message: say.ready });
    return result;
  }

  async function open(
    request: LoadRequest,
    { tell }: Context<ProgressInfo>,
  ): Promise<Calls['load_tokenizer']['result']> {
    await speakTag(request.language);
    tell({ status: 'initiate', message: say.starting });
    const { start, runtime } = starting(request);
    tokenizer = await loadTokenizer(start, request, tell, { pause });
    const result = { runtime: await runtime(), tokenizer: dataOf(tokenizer) };
    tell({ status: 'ready', message: say.tokenizerReady });
    return result;
  }

  return (call, params, context) => {
    if (call === 'load') return load(params as LoadRequest, context);
    if (call === 'load_tokenizer') return open(params as LoadRequest, context);
    if (isTokenizerCall(call) && tokenizer) return TOKENIZER_CALLS[call](tokenizer, params as never);
    if (isTokenizerCall(call) || !loaded) throw new ClozeError('internal', say.notLoaded);
    return (CALLS[call] as (model: Model, params: unknown, context: unknown) => unknown)(loaded, params, context);
  };
}

function dataOf(tokenizer: TextTokenizer): TokenizerData {
  const special = [...tokenizer.special_ids()].sort((a, b) => a - b);
  const names = SPECIAL_NAMES.map((name) => ({ name, id: tokenizer.named_token(name) }));
  return {
    special_tokens: special.map((id) => ({
      id,
      token: tokenizer.id_to_token(id) ?? '',
      names: names.filter((named) => named.id === id).map(({ name }) => name),
    })),
  };
}
