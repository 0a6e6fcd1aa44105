/** `pipeline()`: a task on a model. */
import { chooseBuild, type BuildOption } from './build-choice.js';
import { untilAborted, type Loaded, type ModelClient } from './client.js';
import { env } from './env.js';
import { ClozeError, invalidOption } from './errors.js';
import type { LoadRequest } from './protocol.js';
import { lease } from './shared-models.js';
import { resolveSource, type DefaultModel, type ModelArgument } from './source.js';
import { TaskRunner } from './tasks/base.js';
import { fillMask, type FillMaskPipeline } from './tasks/fill-mask.js';
import { nextSentence, type NextSentencePipeline } from './tasks/next-sentence.js';
import { summarization, type SummarizationPipeline } from './tasks/summarization.js';
import { textGeneration, type TextGenerationPipeline } from './tasks/text-generation.js';
import type { DType, ModelInfo, ProgressInfo, RuntimeInfo } from './types.js';

/** Options of {@link pipeline}. */
export interface PipelineOptions {
  /** How weights are stored: `q8` (default), `q4` or `fp32`. What a GGUF file has in 4 bits stays so under `q8`. */
  dtype?: DType;
  /** Only `wasm` (default). */
  device?: 'wasm';
  /** The build of the core; chosen by the browser's abilities if left out. */
  build?: BuildOption;
  /** At most this many threads; 1 for none. */
  threads?: number;
  /** The weight file in the folder, if it is neither `model.safetensors` nor `model.gguf`. */
  model_file_name?: string;
  /** Branch, tag or commit of a hub id (`main`). */
  revision?: string;
  /** Hears of the load, and of a second one after a crash. */
  progress_callback?: (progress: ProgressInfo) => void;
  /** Stops the load. */
  signal?: AbortSignal;
}

/** The pipeline of each task. */
export interface Pipelines {
  /** Masked words. */
  'fill-mask': FillMaskPipeline;
  /** Does B follow A? */
  'next-sentence-prediction': NextSentencePipeline;
  /** Continuations. */
  'text-generation': TextGenerationPipeline;
  /** Summaries by `TL;DR:`. */
  summarization: SummarizationPipeline;
}

/** Name of a task, as on the Hugging Face hub. */
export type Task = keyof Pipelines;

interface TaskKind<T extends Task> {
  architecture: ModelInfo['architecture'];
  model: DefaultModel;
  make: (runner: TaskRunner) => Pipelines[T];
}

const TASKS: { [T in Task]: TaskKind<T> } = {
  'fill-mask': { architecture: 'bert', model: 'bert', make: fillMask },
  'next-sentence-prediction': { architecture: 'bert', model: 'bert', make: nextSentence },
  'text-generation': { architecture: 'gpt2', model: 'gpt', make: textGeneration },
  summarization: { architecture: 'gpt2', model: 'gpt', make: summarization },
};

/**
 * Loads a model for a task. Pipelines with the same model share one worker; calls on it wait for each other.
 *
 * @param task - what it is for
 * @param model - URL or path of a folder in Hugging Face layout (or of a weight file in one), a hub id (`owner/name`), a
 *   list of local files, or nothing for the small model that comes with the package
 * @throws ClozeError `invalid_option`, `unsupported_browser`, `not_found`, `network`, `aborted`, `wrong_architecture`, and
 *   what the core finds wrong with the files
 *
 * @example
 * ```ts
 * import { pipeline } from 'cloze';
 * const unmask = await pipeline('fill-mask');
 * const [best] = await unmask('She opened the [MASK] and went in.', { top_k: 3 });
 * ```
 */
export async function pipeline<T extends Task>(task: T, model?: ModelArgument, options: PipelineOptions = {}): Promise<Pipelines[T]> {
  const kind = Object.hasOwn(TASKS, task) ? (TASKS[task] as TaskKind<T>) : undefined;
  if (!kind) throw invalidOption('task', `"${String(task)}" is none of ${Object.keys(TASKS).join(', ')}`);
  const { client, loaded, letGo } = await open(model, kind.model, options);
  const { architecture } = loaded.info;
  if (architecture !== kind.architecture) {
    letGo();
    throw new ClozeError('wrong_architecture', `The task ${task} needs a ${kind.architecture} model, and this is a ${architecture} one. Name another model or another task.`, {
      needed: kind.architecture,
      found: architecture,
    });
  }
  return kind.make(new TaskRunner(client, loaded, letGo));
}

/** A model that was loaded for no task yet. */
export interface OpenedModel {
  /** The model. */
  readonly info: ModelInfo;
  /** What computes. */
  readonly runtime: RuntimeInfo;
  /** Lets it go; pipelines that use it keep it. */
  dispose(): void;
}

/**
 * Loads a model whatever it is for: its `info` says what it can do. Pipelines that are made with the same model and
 * options before `dispose` use it without loading it again.
 *
 * @throws ClozeError as {@link pipeline}, but never `wrong_architecture`
 *
 * @example
 * ```ts
 * const opened = await openModel('openai-community/gpt2');
 * console.log(opened.info.parameters);
 * ```
 */
export async function openModel(model: ModelArgument, options: PipelineOptions & { /** Which one, when `model` is left out (`bert`). */ default_model?: DefaultModel } = {}): Promise<OpenedModel> {
  const { loaded, letGo } = await open(model, options.default_model ?? 'bert', options);
  return { ...loaded, dispose: letGo };
}

/** A lease on a loaded model. */
async function open(model: ModelArgument, fallback: DefaultModel, options: PipelineOptions): Promise<{ client: ModelClient; loaded: Loaded; letGo: () => void }> {
  const { dtype = 'q8', device = 'wasm', signal, progress_callback } = options;
  if (!['q8', 'q4', 'fp32'].includes(dtype)) throw invalidOption('dtype', `"${String(dtype)}" is none of q8, q4, fp32`);
  if (device !== 'wasm') throw invalidOption('device', `"${String(device)}" is not wasm, the only one there is`);
  const request: LoadRequest = {
    source: resolveSource(model, fallback, { ...options, baseURI: globalThis.document?.baseURI ?? globalThis.location?.href }),
    dtype,
    choice: chooseBuild(options.build, options.threads),
    use_browser_cache: env.use_browser_cache,
  };
  const { client, release } = lease(request);
  const name = 'name' in request.source && request.source.name !== undefined ? { name: request.source.name } : {};
  let ready = false;
  const tell = (progress: ProgressInfo): void => {
    ready ||= progress.status === 'ready';
    progress_callback?.({ ...name, ...progress });
  };
  const unlisten = client.onProgress(tell);
  const letGo = (): void => {
    unlisten();
    release();
  };
  try {
    const loaded = await untilAborted(client.load(), signal);
    // Another pipeline had loaded it before.
    if (!ready) tell({ status: 'ready', message: 'The model is ready' });
    return { client, loaded, letGo };
  } catch (error) {
    letGo();
    throw error;
  }
}
