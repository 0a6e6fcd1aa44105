/**
 * BERT, GPT-2 and their kin in the browser: masked words, next sentences, generation and TL;DR, on the visitor's own machine.
 *
 * @packageDocumentation
 */
export { architectureName } from './architecture-name.js';
export { abilities, chooseBuild, type Abilities, type BuildChoice, type BuildOption } from './build-choice.js';
export { LoadControl } from './download/control.js';
export { env } from './env.js';
export { ClozeError, type ErrorCode } from './errors.js';
export { openModel, pipeline, type OpenedModel, type PipelineOptions, type Pipelines, type Task } from './pipeline.js';
export { models } from './storage/models.js';
export type * from './storage/types.js';
export { droppedFiles } from './sources/dropped.js';
export type { DefaultModel } from './sources/defaults.js';
export type { ModelArgument } from './sources/resolve.js';
export type { PipelineBase } from './tasks/base.js';
export type { FillMaskPipeline } from './tasks/fill-mask.js';
export type { NextSentencePipeline } from './tasks/next-sentence.js';
export type { SummarizationPipeline } from './tasks/summarization.js';
export type { TextGenerationPipeline } from './tasks/text-generation.js';
export type * from './types.js';
