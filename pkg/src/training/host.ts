/** Training on the page: starts workers, and knows what is kept. */
import { startWorker, workerScript } from '../border/addresses.js';
import { aborted, ClozeError, invalidOption } from '../border/errors.js';
import type { LoadRequest } from '../border/load-request.js';
import type { ProgressInfo } from '../border/types.js';
import { chooseBuild } from '../page/build-choice.js';
import { awaited, requestFor } from '../page/request.js';
import { requireWorkers } from '../page/whereabouts.js';
import { trainingErrors as say } from '../words/training/index.js';
import { TrainingClient, type TrainingWorkerLike } from './client.js';
import type {
  ChatSettings,
  LabelledWords,
  RunCost,
  TaggerSettings,
  TrainArchitecture,
  TrainSettings,
  TrainSize,
  TuneData,
  TuneSettings,
  TuneTask,
} from './core-types.js';
import { asFolder } from './folder.js';
import type { KeepingOrder, OpenedRun, StartModel, TrainingStart } from './protocol.js';
import { DEFAULT_PLAN, TrainedRun } from './run.js';
import { onRunsChange } from './storage/changes.js';
import { keptHistory, keptLearners, keptModels, keptRuns, notFound, removeRun, textOf } from './storage/kept.js';
import { openRunStore, type RunStore } from './storage/run-store.js';
import { TaggedElmo, TaughtChat, TunedModel } from './tune.js';
import type {
  ChatTraining,
  ElmoTagging,
  FineTune,
  Learner,
  LearnerModel,
  LearnerOptions,
  ModelDescription,
  Run,
  RunHistory,
  RunOptions,
  SavedLearner,
  SavedModel,
  SavedRun,
  TrainingHost,
  TrainingOptions,
  TrainingRuntime,
} from './types.js';
import { trainingWasm } from './wasm-addresses.js';

/** Starts a worker that has no core yet. */
const makeWorker = (): Worker =>
  startWorker(
    workerScript(
      () => new Worker(new URL('./training/worker.js', import.meta.url), { type: 'module', name: 'cloze training' }),
    ),
  );

/**
 * Starts training: fetches the training core, which is not part of what inference fetches.
 *
 * @throws ClozeError `unsupported_browser`, `invalid_option`, `not_found`, `network`, `worker_failed`
 *
 * @example
 * ```ts
 * import { openTraining } from 'cloze/training';
 * const host = await openTraining();
 * const settings = await host.default_settings('gpt', 'small');
 * const run = await host.run(settings, text);
 * run.on_event((event) => event.type === 'step' && console.log(event.reports.at(-1)?.loss));
 * await run.start();
 * ```
 */
export const openTraining = (options: TrainingOptions = {}): Promise<TrainingHost> => openHost(options, makeWorker);

/** As {@link openTraining}, with workers of one's own. */
export async function openHost(options: TrainingOptions, make: () => TrainingWorkerLike): Promise<TrainingHost> {
  const { build, threads, wasm_paths } = options;
  const choice = chooseBuild(build, threads);
  requireWorkers();
  const start: TrainingStart = { choice, wasm: { ...trainingWasm(), ...wasm_paths } };
  const first = await TrainingClient.start(start, make);
  return new Host(start, make, first);
}

/** What learns in a worker. */
type Open = Pick<Learner<{ type: string }>, 'state' | 'close'> & {
  on_event(listener: (event: { type: string }) => void): unknown;
};

class Host implements TrainingHost {
  readonly runtime: TrainingRuntime;
  /** A worker that has nothing to do yet. */
  #spare: Promise<TrainingClient> | undefined;
  /** The one that was started last. */
  #newest: TrainingClient;
  readonly #open = new Set<Open>();
  #closed = false;

  constructor(
    private readonly start: TrainingStart,
    private readonly make: () => TrainingWorkerLike,
    { client, runtime }: { client: TrainingClient; runtime: TrainingRuntime },
  ) {
    this.runtime = runtime;
    this.#newest = client;
    this.#spare = Promise.resolve(client);
  }

  default_settings(architecture: TrainArchitecture, size: TrainSize): Promise<TrainSettings> {
    return this.#any().then((client) => client.call('default_settings', { architecture, size }));
  }

  default_tune_settings(task: TuneTask): Promise<TuneSettings> {
    return this.#any().then((client) => client.call('default_tune_settings', { task }));
  }

  cost(settings: TrainSettings): Promise<RunCost> {
    return this.#any().then((client) => client.call('cost', { settings }));
  }

  run(settings: TrainSettings, text: string, { name, ...plan }: RunOptions = {}): Promise<Run> {
    return this.#begin(async (client) => {
      const call = { settings, text, plan: { ...DEFAULT_PLAN, ...plan }, ...(name !== undefined && { name }) };
      return this.#opened(client, await client.call('run', call));
    });
  }

  async runs(): Promise<SavedRun[]> {
    const store = await openRunStore();
    return store ? keptRuns(store) : [];
  }

  async models(): Promise<SavedModel[]> {
    const store = await openRunStore();
    return store ? keptModels(store) : [];
  }

  resume(id: string, { name: _, ...plan }: RunOptions = {}): Promise<Run> {
    return this.#begin(async (client) => this.#opened(client, await client.call('resume', { id, plan })));
  }

  async history(id: string): Promise<RunHistory> {
    return keptHistory(await storeOf(id), id);
  }

  async text(id: string): Promise<string> {
    return textOf(await storeOf(id), id);
  }

  async folder(id: string): Promise<File[]> {
    const all = [...(await this.runs()), ...(await this.models())];
    const name = all.find((one) => one.id === id)?.name;
    if (name === undefined) throw notFound(id);
    const client = await this.#any();
    return asFolder(name, await client.call('kept_folder', { id }));
  }

  async remove(id: string): Promise<void> {
    await removeRun(await storeOf(id), id);
  }

  on_change(listener: () => void): () => void {
    return onRunsChange(listener);
  }

  async describe(model: LearnerModel): Promise<ModelDescription> {
    if (isRun(model)) {
      const settings = (await this.runs()).find(({ id }) => id === model.run)?.settings;
      if (!settings) throw notFound(model.run);
      const model_type = settings.architecture === 'gpt' ? 'gpt2' : settings.architecture;
      return { model_type, num_layers: settings.num_layers, hidden_size: settings.hidden_size };
    }
    const { config } = await (await this.#any()).call('describe', { model: await startModel(model) });
    const number = (...names: string[]): number => Number(names.map((name) => config[name]).find(Number.isFinite) ?? 0);
    return {
      model_type: String(config.model_type ?? ''),
      num_layers: number('num_hidden_layers', 'n_layer', 'n_layers'),
      hidden_size: number('hidden_size', 'n_embd', 'dim'),
    };
  }

  fine_tune(
    model: LearnerModel,
    data: TuneData,
    settings: Partial<TuneSettings> & Pick<TuneSettings, 'task'>,
    options?: LearnerOptions,
  ): Promise<FineTune> {
    return this.#begin(async (client) => {
      const keeping = keepingFor(settings.task, options);
      return new TunedModel(client, await client.call('tune', { model: await startModel(model), data, settings, keeping }));
    }, options);
  }

  chat(model: LearnerModel, settings: Partial<ChatSettings> = {}, options?: LearnerOptions): Promise<ChatTraining> {
    return this.#begin(async (client) => {
      const keeping = keepingFor('chat', options);
      return new TaughtChat(client, await client.call('chat', { model: await startModel(model), settings, keeping }));
    }, options);
  }

  elmo_tagger(
    model: readonly File[] | { run: string },
    data: LabelledWords,
    settings: Partial<TaggerSettings> = {},
    options?: LearnerOptions,
  ): Promise<ElmoTagging> {
    return this.#begin(async (client) => {
      const keeping = keepingFor('elmo-tagger', options);
      return new TaggedElmo(client, await client.call('tagger', { model: await startModel(model), data, settings, keeping }));
    }, options);
  }

  async learners(): Promise<SavedLearner[]> {
    const store = await openRunStore();
    return store ? keptLearners(store) : [];
  }

  resume_fine_tune(id: string, options?: LearnerOptions): Promise<FineTune> {
    return this.#begin(async (client) => new TunedModel(client, await client.call('resume_tune', { id })), options);
  }

  resume_chat(id: string, options?: LearnerOptions): Promise<ChatTraining> {
    return this.#begin(async (client) => new TaughtChat(client, await client.call('resume_chat', { id })), options);
  }

  resume_elmo_tagger(id: string, options?: LearnerOptions): Promise<ElmoTagging> {
    return this.#begin(async (client) => new TaggedElmo(client, await client.call('resume_tagger', { id })), options);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#open].map((learner) => learner.close()));
    (await this.#spare?.catch(() => undefined))?.end();
    this.#newest.end();
  }

  #opened(client: TrainingClient, opened: OpenedRun): TrainedRun {
    return new TrainedRun(client, opened);
  }

  /** A worker that can be asked, busy or not. */
  async #any(): Promise<TrainingClient> {
    if (!this.#newest.ended) return this.#newest;
    const another = (this.#spare ??= this.#another());
    another.catch(() => (this.#spare = undefined));
    return another;
  }

  /** Makes something that learns in a worker of its own, which ends with it. */
  async #begin<L extends Open>(
    make: (client: TrainingClient) => Promise<L>,
    { signal, progress_callback }: LearnerOptions = {},
  ): Promise<L> {
    const spare = this.#spare;
    this.#spare = undefined;
    let client = await (spare ?? this.#another());
    if (client.ended) client = await this.#another();
    const stop = (): void => client.end(aborted('Loading'));
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    client.on_news = (news) => news.type === 'loading' && progress_callback?.(news.progress as ProgressInfo);
    try {
      const made = await make(client);
      this.#open.add(made);
      made.on_event((event) => event.type === 'state' && made.state === 'closed' && this.#open.delete(made));
      return made;
    } catch (error) {
      // What was refused leaves the worker as good as it was.
      if (!client.ended && !this.#spare) this.#spare = Promise.resolve(client);
      else client.end();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async #another(): Promise<TrainingClient> {
    if (this.#closed) throw new ClozeError('disposed', say.closed);
    const { client } = await TrainingClient.start(this.start, this.make);
    this.#newest = client;
    return client;
  }
}

async function storeOf(id: string): Promise<RunStore> {
  const store = await openRunStore();
  if (!store) throw notFound(id);
  return store;
}

/** How it is kept, unless it is not to be. */
const keepingFor = (
  title: string,
  { kept = true, name = title, save_every = DEFAULT_PLAN.save_every, metadata = null }: LearnerOptions = {},
): KeepingOrder | null => (kept ? { name, save_every, metadata } : null);

const isRun = (model: LearnerModel): model is { run: string } => typeof model === 'object' && 'run' in model;

/** Where the files of a model are, by the same path as inference's. */
async function startModel(model: LearnerModel): Promise<StartModel> {
  if (model === undefined || model === null) throw invalidOption('model', say.noModel);
  if (isRun(model)) return model;
  const own = model === 'bert' || model === 'gpt';
  const named = own ? undefined : (model as File[]);
  await awaited(named);
  const request: LoadRequest = requestFor(named, own ? model : 'bert', {});
  const { source, use_browser_cache, credentials } = request;
  return { source, use_browser_cache, ...(credentials && { credentials }) };
}
