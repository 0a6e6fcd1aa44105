/**
 * BERT, GPT-2 and their kin in the browser: masked words, next sentences, generation and TL;DR, answers, classes, names and vectors,
 * on the visitor's own machine.
 *
 * @packageDocumentation
 */
export { architectureName } from './page/architecture-name.js';
export { abilities, chooseBuild, type Abilities, type BuildOption } from './page/build-choice.js';
export { LoadControl } from './page/load-control.js';
export { env, type Env } from './page/env.js';
export type { OpenModelOptions, OpenTokenizerOptions, PipelineOptions } from './page/load-options.js';
export { AutoTokenizer, type LoadedTokenizer } from './page/auto-tokenizer.js';
export { BaseStreamer, TextStreamer } from './page/streamers.js';
export type { Tensor, TensorArrays } from './page/tensor.js';
export { openTokenizer, type TextTokenizer } from './page/text-tokenizer.js';
export type * from './page/tokenizer/types.js';
export type { BuildChoice, DefaultModel, DefaultTokenizer } from './border/load-request.js';
export type { CoreErrorCode } from './border/core.js';
export { ClozeError, type ErrorCode, type PackageErrorCode } from './border/errors.js';
export type { TrainingErrorCode } from './border/training.js';
export {
  openModel,
  pipeline,
  type OpenedModel,
  type Pipelines,
  type Task,
  type TaskAlias,
  type TaskAliases,
  type TaskOf,
} from './page/pipeline.js';
export { defaultModels, models, type DefaultModelState } from './page/stored-models.js';
export type * from './files/storage/types.js';
export { droppedFiles } from './files/sources/dropped.js';
export type { Inspection } from './page/inspection.js';
export type { ModelArgument } from './page/model-source.js';
export type { PipelineBase } from './page/tasks/base.js';
export type { FeatureExtractionPipeline } from './page/tasks/feature-extraction.js';
export type { FillMaskPipeline } from './page/tasks/fill-mask.js';
export type { NextSentencePipeline } from './page/tasks/next-sentence.js';
export type { QuestionAnsweringPipeline } from './page/tasks/question-answering.js';
export type { SummarizationPipeline } from './page/tasks/summarization.js';
export type { TextClassificationPipeline } from './page/tasks/text-classification.js';
export type { SeveralOptions, TextGenerationPipeline } from './page/tasks/text-generation.js';
export type { TokenClassificationPipeline } from './page/tasks/token-classification.js';
export type * from './border/types.js';
