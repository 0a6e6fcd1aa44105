/** The worker's side of the protocol: calls are served one after the other, between the steps of what learns. */
import { ClozeError } from '../../border/errors.js';
import type { BuildChoice } from '../../border/load-request.js';
import type { ProgressInfo } from '../../border/types.js';
import { speakTag } from '../../words/language.js';
import { trainingErrors as say } from '../../words/training/index.js';
import type { ChatPhaseInfo } from '../core-types.js';
import { describe } from '../../worker/describe.js';
import { free } from '../../worker/free.js';
import type { Start } from '../../worker/serve.js';
import type {
  OpenedRun,
  TrainingCall,
  TrainingCalls,
  TrainingNews,
  TrainingRequest,
  TrainingResponse,
  TrainingStart,
} from '../protocol.js';
import { Keeper } from '../storage/keeper.js';
import { historyOf, holdRun, notFound, readRun, removeRun } from '../storage/kept.js';
import { openRunStore } from '../storage/run-store.js';
import type { TrainingRuntime } from '../types.js';
import type { CoreLearner, FolderFile, TrainingCore } from '../core.js';
import {
  openChat,
  openTagger,
  openTuning,
  resumeChat,
  resumeTagger,
  resumeTuning,
  type LearnerAround,
} from './learners.js';
import { keptFolder, modelConfig, modelFiles } from './model-files.js';
import { newId } from './new-id.js';
import { RunSession } from './run-session.js';
import type { Session } from './session.js';
import { ChatSession, TaggerSession, TuneSession } from './tune-session.js';

/** The two ends of a message port. */
export interface TrainingPort {
  post(message: TrainingResponse): void;
  listen(receive: (request: TrainingRequest) => void): void;
}

/** Makes an instance of the core; tests pass their own. */
export type InstantiateTraining = (start: Start) => Promise<TrainingCore>;

/** Methods that can be asked, see `Asked` of the protocol. */
const ASKED = new Set(
  'evaluate sample probe next_sentence attention tokenize batch word_vectors predict score best_of info mix vectors'.split(
    ' ',
  ),
);

type Handlers = {
  [N in TrainingCall]: (
    params: TrainingCalls[N]['params'],
  ) => TrainingCalls[N]['result'] | Promise<TrainingCalls[N]['result']>;
};

/** Serves a port. */
export function serveTraining(port: TrainingPort, instantiate: InstantiateTraining): void {
  const server = new Server((news) => port.post({ kind: 'news', news }), instantiate);
  let last: Promise<unknown> = Promise.resolve();
  const run = async ({ id, call, params }: TrainingRequest): Promise<void> => {
    try {
      const handle = server.handlers[call] as (params: unknown) => unknown;
      port.post({ id, kind: 'result', result: await handle(params) });
    } catch (error) {
      port.post({ id, kind: 'error', ...server.describe(error) });
    }
  };
  port.listen((request) => (last = last.then(() => run(request))));
}

class Server {
  #core: TrainingCore | undefined;
  #session: Session | undefined;
  /** What was kept of the model. */
  #keptAs: string | undefined;

  constructor(
    private readonly tell: (news: TrainingNews) => void,
    private readonly instantiate: InstantiateTraining,
  ) {}

  readonly describe = (error: unknown): ReturnType<typeof describe> => describe(error, this.#core);

  readonly handlers: Handlers = {
    open: (start) => this.#open(start),
    default_settings: ({ architecture, size }) => this.core.default_settings(architecture, size),
    default_tune_settings: ({ task }) => this.core.default_tune_settings(task),
    cost: ({ settings }) => this.core.run_cost(settings),
    describe: async ({ model }) => ({ config: 'run' in model ? {} : await modelConfig(model) }),
    run: (params) => this.#run(params),
    resume: (params) => this.#resume(params),
    tune: (params) => this.#begin(openTuning(params, this.#around)),
    chat: (params) => this.#begin(openChat(params, this.#around)),
    tagger: (params) => this.#begin(openTagger(params, this.#around)),
    resume_tune: ({ id }) => this.#begin(resumeTuning(id, this.#around)),
    resume_chat: ({ id }) => this.#begin(resumeChat(id, this.#around)),
    resume_tagger: ({ id }) => this.#begin(resumeTagger(id, this.#around)),
    start: ({ evaluate_every }) => {
      const { session } = this;
      if (evaluate_every !== undefined && (session instanceof TuneSession || session instanceof TaggerSession))
        session.evaluate_every = evaluate_every;
      this.session.loop.start();
      return null;
    },
    pause: async () => {
      await this.session.loop.pause();
      await this.session.trySave?.();
      return null;
    },
    step: () => {
      if (this.session.loop.running) throw new ClozeError('in_use', say.running);
      return this.session.loop.step();
    },
    save: async () => {
      await this.session.save?.();
      return null;
    },
    plan: (change) => this.session.plan!(change),
    metadata: ({ metadata }) => {
      const { session } = this;
      if (session instanceof RunSession) throw new ClozeError('internal', say.cannot('metadata'));
      (session as TuneSession).metadata = metadata;
      return null;
    },
    phase: async ({ phase, examples, settings }) => {
      const { session } = this;
      if (!(session instanceof ChatSession)) throw new ClozeError('internal', say.cannot(phase));
      await session.loop.pause();
      const begin = session.core[phase].bind(session.core) as (...of: unknown[]) => ChatPhaseInfo;
      const info = begin(examples, settings);
      session.began(info);
      return info;
    },
    folder: () => this.#learner<{ folder(): FolderFile[] }>().folder(),
    keep: ({ name }) => this.#keep(name),
    kept_folder: ({ id }) => keptFolder(this.core, id),
    ask: ({ method, args }) => {
      const core = this.#learner<Record<string, (...args: unknown[]) => unknown>>();
      if (!ASKED.has(method) || !core[method]) throw new ClozeError('internal', say.cannot(method));
      return core[method](...args);
    },
    close: async () => {
      const session = this.#session;
      this.#session = undefined;
      if (!session) return null;
      await session.close();
      free(session.core);
      return null;
    },
  };

  get core(): TrainingCore {
    if (!this.#core) throw new ClozeError('internal', say.closed);
    return this.#core;
  }

  get session(): Session {
    if (!this.#session) throw new ClozeError('disposed', say.closed);
    return this.#session;
  }

  #learner<T>(): T {
    return this.session.core as CoreLearner as T;
  }

  #failed = (error: unknown): void => this.tell({ type: 'failed', ...this.describe(error) });

  async #open({ choice, wasm, alarm, language }: TrainingStart): Promise<TrainingRuntime> {
    await speakTag(language);
    const start = async (made: BuildChoice): Promise<TrainingRuntime> => {
      this.#core = await this.instantiate({ ...made, wasm: wasm[made.build], ...(alarm && { alarm }) });
      const { build, threads, threads_off_reason } = made;
      return { build, threads, threads_off_reason };
    };
    const { fallback } = choice;
    if (!fallback) return start(choice);
    return start(choice).catch(() => start(fallback));
  }

  /** What learners are opened with. */
  get #around(): LearnerAround {
    const { core, tell } = this;
    const loading = (progress: ProgressInfo): void => tell({ type: 'loading', progress });
    return { core, files: (model) => modelFiles(core, model, loading), tell, failed: this.#failed };
  }

  async #begin<O>(opening: Promise<{ session: Session; opened: O }>): Promise<O> {
    const { session, opened } = await opening;
    this.#session = session;
    return opened;
  }

  async #run({ settings, text, name, plan }: TrainingCalls['run']['params']): Promise<OpenedRun> {
    const core = new this.core.TrainingRun(settings, text);
    const created = Date.now();
    const facts = { id: newId(), name: name ?? nameFor(settings.architecture, created), created };
    const { tell } = this;
    const keeper = Keeper.of(facts.id, () => [new TextEncoder().encode(text)]);
    const session = new RunSession({ core, keeper, text, facts, plan, log: [], tell, failed: this.#failed });
    this.#session = session;
    await session.trySave();
    return { id: facts.id, name: facts.name, info: core.info(), plan, history: historyOf([]) };
  }

  async #resume({ id, plan: change }: TrainingCalls['resume']['params']): Promise<OpenedRun> {
    const store = await openRunStore();
    if (!store) throw notFound(id);
    const lock = await holdRun(id);
    try {
      const { facts, checkpoint, source, log, slot } = await readRun(store, id);
      const text = await source.text();
      if (facts.kind !== 'run') throw new ClozeError('unsupported', say.noRun, { id });
      const core = this.core.TrainingRun.resume(checkpoint, text);
      const plan = { ...facts.plan, ...change };
      const keeper = Keeper.resume(id, lock, { sequence: facts.sequence, log: facts.log, slot });
      const { tell } = this;
      this.#session = new RunSession({ core, keeper, text, facts, plan, log, tell, failed: this.#failed });
      return { id, name: facts.name, info: core.info(), plan, history: historyOf(log) };
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async #keep(name: string): Promise<{ id: string }> {
    const files = this.#learner<{ folder(): FolderFile[] }>().folder();
    const sizes = files.map((file) => ({ name: file.name, size: file.bytes.byteLength }));
    const bytes = new Uint8Array(sizes.reduce((sum, { size }) => sum + size, 0));
    let at = 0;
    for (const file of files) {
      bytes.set(file.bytes, at);
      at += file.bytes.byteLength;
    }
    // In f32.
    const weights = Math.round((sizes.find((file) => file.name === 'model.safetensors')?.size ?? 0) / 4);
    const id = newId();
    const keeper = Keeper.of(id, () => []);
    // Not held any longer: the reader may remove it.
    await keeper
      .save({ kind: 'model', id, created: Date.now(), name, files: sizes, weights }, bytes)
      .finally(() => keeper.close());
    const [store, before] = [await openRunStore(), this.#keptAs];
    this.#keptAs = id;
    // It was perhaps removed already, or is being read.
    if (store && before !== undefined) await removeRun(store, before).catch(() => undefined);
    return { id };
  }
}

const ARCHITECTURES = { gpt: 'GPT', bert: 'BERT', elmo: 'ELMo', xlnet: 'XLNet' } as const;

const nameFor = (architecture: keyof typeof ARCHITECTURES, time: number): string =>
  `${ARCHITECTURES[architecture]} ${new Date(time).toISOString().slice(0, 16).replace('T', ' ')}`;
