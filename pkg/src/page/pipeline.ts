/** `pipeline()`: a task on a model. */
import { architectureName } from './architecture-name.js';
import { untilAborted } from './abort.js';
import type { Loaded, ModelClient } from './client.js';
import { inspection, type Inspection } from './inspection.js';
import type { LoadControl } from './load-control.js';
import type { CoreErrorCode } from '../border/core.js';
import { ClozeError, invalidOption } from '../border/errors.js';
import type { DefaultModel } from '../border/load-request.js';
import type { OpenModelOptions, PipelineOptions } from './load-options.js';
import { given } from './options.js';
import { loadNews } from './load-news.js';
import { lease } from './shared-models.js';
import type { ModelArgument } from './model-source.js';
import { awaited, nameOf, requestFor } from './request.js';
import { TaskRunner } from './tasks/base.js';
import type { PreTrainedTokenizer } from './tokenizer/types.js';
import { FINE_TUNED, isFineTuned } from './fine-tuned.js';
import type { FeatureExtractionPipeline } from './tasks/feature-extraction.js';
import type { FillMaskPipeline } from './tasks/fill-mask.js';
import type { NextSentencePipeline } from './tasks/next-sentence.js';
import type { QuestionAnsweringPipeline } from './tasks/question-answering.js';
import type { SummarizationPipeline } from './tasks/summarization.js';
import type { TextClassificationPipeline } from './tasks/text-classification.js';
import type { TextGenerationPipeline } from './tasks/text-generation.js';
import type { TokenClassificationPipeline } from './tasks/token-classification.js';
import type { Head, ModelInfo, ProgressInfo, RuntimeInfo } from '../border/types.js';
import { modelErrors, optionErrors } from '../words/page/index.js';

/** The pipeline of each task. */
export interface Pipelines {
  /** Masked words. */
  'fill-mask': FillMaskPipeline;
  /** Does B follow A? */
  'next-sentence-prediction': NextSentencePipeline;
  /** Continuations. */
  'text-generation': TextGenerationPipeline;
  /** Summaries: by `TL;DR:`, or asked for where the model can chat. */
  summarization: SummarizationPipeline;
  /** Answers in the words of a text. */
  'question-answering': QuestionAnsweringPipeline;
  /** Classes of texts and of pairs. */
  'text-classification': TextClassificationPipeline;
  /** Names, and other classes of words. */
  'token-classification': TokenClassificationPipeline;
  /** Vectors of texts. */
  'feature-extraction': FeatureExtractionPipeline;
}

/** Name of a task, as on the Hugging Face hub. */
export type Task = keyof Pipelines;

/** Other names of tasks, as in transformers.js. */
export interface TaskAliases {
  /** As there. */
  'sentiment-analysis': 'text-classification';
  /** As there. */
  ner: 'token-classification';
  /** As there. */
  embeddings: 'feature-extraction';
}

const ALIASES: TaskAliases = {
  'sentiment-analysis': 'text-classification',
  ner: 'token-classification',
  embeddings: 'feature-extraction',
};

/** Another name of a task. */
export type TaskAlias = keyof TaskAliases;

/** The task that a name means. */
export type TaskOf<T extends Task | TaskAlias> = T extends TaskAlias ? TaskAliases[T] : Extract<T, Task>;

interface TaskKind<T extends Task> {
  /** Which way its model reads; left out where both will do. */
  kind?: ModelInfo['kind'];
  /** What its model must predict; left out where every model of the kind will do. */
  head?: Head;
  /** The model that comes with the package for it; none does for what only fine-tuned models can do. */
  model?: DefaultModel;
  /** Its code, which is fetched while the model loads. */
  code: () => Promise<Make<T>>;
}

type Make<T extends Task> = (runner: TaskRunner) => Pipelines[T];

const TASKS: { [T in Task]: TaskKind<T> } = {
  'fill-mask': {
    ...{ kind: 'encoder', head: 'mlm', model: 'bert' },
    code: async () => (await import('./tasks/fill-mask.js')).fillMask,
  },
  'next-sentence-prediction': {
    ...{ kind: 'encoder', head: 'nsp', model: 'bert' },
    code: async () => (await import('./tasks/next-sentence.js')).nextSentence,
  },
  'text-generation': {
    ...{ kind: 'decoder', head: 'lm', model: 'gpt' },
    code: async () => (await import('./tasks/text-generation.js')).textGeneration,
  },
  summarization: {
    ...{ kind: 'decoder', head: 'lm', model: 'gpt' },
    code: async () => (await import('./tasks/summarization.js')).summarization,
  },
  'question-answering': {
    head: 'qa',
    code: async () => (await import('./tasks/question-answering.js')).questionAnswering,
  },
  'text-classification': {
    head: 'sequence-classification',
    code: async () => (await import('./tasks/text-classification.js')).textClassification,
  },
  'token-classification': {
    head: 'token-classification',
    code: async () => (await import('./tasks/token-classification.js')).tokenClassification,
  },
  'feature-extraction': {
    model: 'bert',
    code: async () => (await import('./tasks/feature-extraction.js')).featureExtraction,
  },
};

/** What an error says of a missing head. */
const NO_HEAD = {
  mlm: 'no_mlm_head',
  nsp: 'no_nsp_head',
  lm: 'no_lm_head',
  qa: 'no_qa_head',
  'sequence-classification': 'no_classification_head',
  'token-classification': 'no_tagging_head',
} as const satisfies Record<Head, CoreErrorCode>;

/** Whether a model can be used for a task. */
const suits = ({ kind, heads }: ModelInfo, { kind: needed = kind, head }: TaskKind<Task>): boolean =>
  kind === needed && (head === undefined || heads.includes(head));

/** Why a model cannot be used for a task, and what for; undefined if it can. */
function misfit(task: Task, info: ModelInfo): ClozeError | undefined {
  const { kind, head } = TASKS[task];
  const found = architectureName(info.model_type);
  if (kind !== undefined && kind !== info.kind) {
    const message = modelErrors.wrongArchitecture(task, modelErrors.needed[kind], found);
    return new ClozeError('wrong_architecture', message, { needed: kind, found: info.model_type });
  }
  if (head === undefined || info.heads.includes(head)) return undefined;
  const others = (Object.keys(TASKS) as Task[]).filter((other) => suits(info, TASKS[other]));
  const example = isFineTuned(head) ? FINE_TUNED[head][0].id : undefined;
  const message = modelErrors.noHead({ task, head: modelErrors.heads[head], found, others, example });
  return new ClozeError(NO_HEAD[head], message, { has: info.heads });
}

/** For a task that only fine-tuned models can do, where none is named. */
function noDefault(task: Task, head: Head | undefined): ClozeError {
  const example = head && isFineTuned(head) ? FINE_TUNED[head][0].id : '';
  return invalidOption('model', modelErrors.noDefault(task, example), { needed: head });
}

/**
 * Loads a model for a task. Pipelines with the same model share one worker; calls on it wait for each other.
 *
 * @param task - what it is for
 * @param model - URL or path of a folder in Hugging Face layout (or of a weight file in one), a hub id (`owner/name`,
 *   `owner/name@revision`), local files or a folder that was picked, or nothing for the small model that comes with the
 *   package: there is none for question answering and for the classification of texts and tokens
 * @throws ClozeError `invalid_option`, `unsupported_browser`, `not_found`, `network`, `gated`, `unauthorized`,
 *   `rate_limited`, `hash_mismatch`, `aborted`, `wrong_architecture`, `no_mlm_head`, `no_nsp_head`,
 *   `no_lm_head`, `no_qa_head`, `no_classification_head`, `no_tagging_head`, and what the core finds wrong with the files
 *
 * @example
 * ```ts
 * import { pipeline } from 'cloze';
 * const unmask = await pipeline('fill-mask');
 * const [best] = await unmask('She opened the [MASK] and went in.', { top_k: 3 });
 * ```
 */
export async function pipeline<T extends Task | TaskAlias>(
  task: T,
  model?: ModelArgument,
  options?: PipelineOptions,
): Promise<Pipelines[TaskOf<T>]> {
  const name = Object.hasOwn(ALIASES, task) ? ALIASES[task as TaskAlias] : (task as Task);
  if (!Object.hasOwn(TASKS, name))
    throw invalidOption('task', optionErrors.noneOf(String(task), [...Object.keys(TASKS), ...Object.keys(ALIASES)]));
  const kind: TaskKind<Task> = TASKS[name];
  const asked = given('pipeline()', options);
  if ((model === undefined || model === null) && !kind.model) throw noDefault(name, kind.head);
  const code = kind.code().catch((cause: unknown) => noCode(name, cause));
  const { client, loaded, letGo } = await open(model, kind.model ?? 'bert', asked, name);
  const problem = misfit(name, loaded.info);
  const make = problem ?? (await code);
  if (make instanceof ClozeError) {
    letGo();
    throw make;
  }
  return make(new TaskRunner(client, loaded, letGo)) as Pipelines[TaskOf<T>];
}

/** The package's code for a task could not be fetched. */
const noCode = (task: Task, cause: unknown): ClozeError =>
  new ClozeError('network', modelErrors.noCode(task), { task, reason: String(cause) });

/** A model that was loaded for no task yet. */
export interface OpenedModel {
  /** The model. */
  readonly info: ModelInfo;
  /** What computes. */
  readonly runtime: RuntimeInfo;
  /** Its tokenizer. */
  readonly tokenizer: PreTrainedTokenizer;
  /** What goes on in it: attention, hidden states, embeddings, the logit lens. */
  readonly inspect: Inspection;
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
 * const { tokens, attentions } = await opened.inspect.attentions('The cat sat down.', { layer: 0 });
 * ```
 */
export async function openModel(model?: ModelArgument, options?: OpenModelOptions): Promise<OpenedModel> {
  const { default_model = 'bert', ...others } = given('openModel()', options);
  if (!MODELS.includes(default_model))
    throw invalidOption('default_model', optionErrors.noneOf(String(default_model), MODELS));
  const { client, loaded, letGo } = await open(model, default_model, others);
  const runner = new TaskRunner(client, loaded, letGo);
  const { info, runtime } = loaded;
  return { info, runtime, tokenizer: runner.tokenizer, inspect: inspection(runner), dispose: () => runner.dispose() };
}

const MODELS: readonly DefaultModel[] = ['bert', 'gpt'];

/** A lease on a loaded model. */
async function open(
  model: ModelArgument,
  fallback: DefaultModel,
  options: PipelineOptions,
  task?: Task,
): Promise<{ client: ModelClient; loaded: Loaded; letGo: () => void }> {
  const { signal, progress_callback } = options;
  const search = awaited(model);
  if (search) await search;
  const request = requestFor(model, fallback, options);
  const held = lease(request);
  const { client, release } = held;
  const hear = progress_callback && loadNews(progress_callback, { ...nameOf(request), ...(task && { task }) });
  let ready = false;
  const tell = (progress: ProgressInfo): void => {
    ready ||= progress.status === 'ready';
    hear?.(progress);
  };
  const unlisten = client.onProgress(tell);
  const uncontrol = options.control ? join(options.control, client, held) : undefined;
  const letGo = (): void => {
    unlisten();
    uncontrol?.();
    client.leave(held);
    release();
  };
  try {
    const loaded = await untilAborted(client.load(), signal);
    // Another pipeline had loaded it before.
    if (!ready) tell({ status: 'ready', message: modelErrors.ready });
    return { client, loaded, letGo };
  } catch (error) {
    letGo();
    throw error;
  }
}

/** Makes one of a control's pauses and its client's; returns how to part them. */
function join(control: LoadControl, client: ModelClient, by: object): () => void {
  let following = false;
  const follow = (paused: boolean): void => {
    following = true;
    if (paused) control.pause();
    else control.resume();
    following = false;
  };
  const unlisten = [
    control.on_change((paused) => {
      // What another one asked for is not asked for by this one.
      if (following) return;
      if (paused) client.pause(by);
      else client.resume();
    }),
    client.onPause(follow),
  ];
  if (control.paused) client.pause(by);
  else if (client.paused) follow(true);
  return () => unlisten.forEach((stop) => stop());
}
