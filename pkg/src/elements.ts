/**
 * The screens as custom elements, each complete in itself and usable on any page:
 *
 * ```html
 * <script type="module">import 'cloze/elements';</script>
 * <cloze-fill-mask></cloze-fill-mask>
 * ```
 *
 * What is declared here is all that others see of them: nothing of the library that they are made with. Where there is no
 * DOM, as in Node, importing this does nothing.
 *
 * @module
 */
import type { Appearance, HeadShown, PartsShown, Shown } from './elements/appearance.js';
import type { StateProperties } from './elements/attributes.js';
import type { Example } from './elements/controllers/beginning.js';
import { ClozeAnswer as Answer } from './elements/answer/element.js';
import type { AnswerScreenResult } from './elements/answer/result.js';
import type { AnswerState } from './elements/answer/schema.js';
import { ClozeClassify as Classify, type ClassifyResult } from './elements/classify/element.js';
import type { ClassifyState } from './elements/classify/schema.js';
import type { ModelOffer } from './elements/controllers/screen-parts.js';
import { define } from './elements/define.js';
import { ClozeFillMask as FillMask } from './elements/fill-mask/element.js';
import type { FillMaskResult } from './elements/fill-mask/result.js';
import type { FillMaskState } from './elements/fill-mask/schema.js';
import { ClozeGenerate as Generate } from './elements/generate/element.js';
import type { GenerateState } from './elements/generate/schema.js';
import type { GenerateResult } from './elements/generate/view.js';
import { ClozeInside as Inside } from './elements/inside/element.js';
import type { InsideResult } from './elements/inside/inside.js';
import type { InsideState, OwnModel } from './elements/inside/schema.js';
import { ClozeKeptModels as KeptModels } from './elements/models/kept-models.js';
import { ClozeModels as Models, type ModelUse } from './elements/models/element.js';
import type { ModelsState } from './elements/models/schema.js';
import { ClozeNextSentence as NextSentence } from './elements/next-sentence/element.js';
import type { NextSentenceResult } from './elements/next-sentence/result.js';
import type { NextSentenceState } from './elements/next-sentence/schema.js';
import { SCREENS, type ScreenTask, type Task } from './elements/screens.js';
import { tokens as sheet } from './elements/styles/tokens.js';
import { ClozeSummarize as Summarize, type SummarizeResult } from './elements/summarize/element.js';
import type { SummarizeState } from './elements/summarize/schema.js';
import { ClozeTag as Tag, type TagResult } from './elements/tag/element.js';
import type { TagState } from './elements/tag/schema.js';
import { ClozeTrain as Train } from './elements/train/element.js';
import type { TrainState } from './elements/train/schema.js';
import { ClozeTokenStream as TokenStream } from './elements/widgets/token-stream.js';
import type { ModelArgument, ModelInfo, PipelineOptions, ProgressInfo, RuntimeInfo, StoredModel } from './index.js';

export type { Appearance, HeadShown, PartName, PartsShown, Shown } from './elements/appearance.js';
export type { PropertyOf, StateProperties } from './elements/attributes.js';
export type { Problem } from './elements/controllers/problem.js';
export type { Example } from './elements/controllers/beginning.js';
export type { AnyPipeline, ModelOffer } from './elements/controllers/screen-parts.js';
export type { MaskTable } from './elements/fill-mask/result.js';
export type { ModelChoice } from './elements/models/model-choice.js';
export type { Judged } from './elements/next-sentence/result.js';
export { speak as setLanguage } from './elements/controllers/speaking.js';
export { tokensText } from './elements/styles/tokens.js';
export { language, LANGUAGE_TAGS, LANGUAGES, onLanguage, translated, type Language } from './words/language.js';
export type {
  AnswerScreenResult,
  AnswerState,
  ClassifyResult,
  ClassifyState,
  FillMaskResult,
  FillMaskState,
  GenerateResult,
  GenerateState,
  InsideResult,
  InsideState,
  OwnModel,
  ModelsState,
  ModelUse,
  NextSentenceResult,
  NextSentenceState,
  ScreenTask,
  SummarizeResult,
  SummarizeState,
  TagResult,
  TagState,
  TrainState,
};

/** An element with events of its own, by name. */
interface Emitting<Events> extends HTMLElement {
  addEventListener<K extends keyof Events>(
    type: K,
    listener: (event: Events[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof Events>(
    type: K,
    listener: (event: Events[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
  /** Resolves once what was set shows. */
  readonly updateComplete: Promise<boolean>;
}

/** The events of a screen that runs a model. */
export interface ScreenEvents<State, Result> {
  /** The state changed. */
  'cloze-change': CustomEvent<State>;
  /** The model is being fetched. */
  'cloze-progress': CustomEvent<ProgressInfo>;
  /** The model is there. */
  'cloze-ready': CustomEvent<{ info: ModelInfo; runtime: RuntimeInfo }>;
  /** A run ended. */
  'cloze-result': CustomEvent<Result>;
  /** A run or a load failed: a `ClozeError`, unless something went wrong that nobody thought of. */
  'cloze-error': CustomEvent<Error & { code?: string }>;
}

/** What every screen that runs a model has. */
export interface ScreenElement<State, Result, More = unknown>
  extends Emitting<ScreenEvents<State, Result> & More>, Appearance, Omit<PartsShown, 'examples'> {
  /** Folder, hub id, files (as a property) or nothing (the model that comes with the package). */
  model: ModelArgument;
  /** What to call it on the screen, where `model` is no text or a long one. */
  modelName: string | undefined;
  /** For the origin that `model` comes from, if it asks for one. Only a property: it is to stand nowhere. */
  token: string | undefined;
  /** How the weights are stored: `q8` (default), `q4` or `fp32`. */
  dtype: PipelineOptions['dtype'];
  /** Which WebAssembly build runs; chosen by the browser's abilities when left out. */
  build: PipelineOptions['build'];
  /** How many threads to use at most. */
  threads: number | undefined;
  /** Runs once as soon as the model is there; it loads once the element is scrolled to. */
  autorun: boolean;
  /** The page that a link to this screen leads to, or what says the whole link; left out, none is offered. */
  shareUrl: string | (() => string) | undefined;
  /** The page's own examples, `none` or `show`. */
  examples: Shown | readonly Example<State>[];
  /** Everything typed and set, as plain JSON. Setting merges the keys; throws on those that do not exist, and values it cannot use. */
  get state(): State;
  set state(given: Partial<State>);
  /** The state with what a run chose itself, so that it reproduces the result that is shown. */
  readonly shareState: State;
  /** The result that is shown. */
  readonly result: Result | undefined;
  /** Loads the model if it is not there yet. */
  load(): Promise<void>;
  /** Does the task with what is typed; a run that is under way is replaced. Resolves with the result, if there is one. */
  run(): Promise<Result | undefined>;
  /** Stops the run, and the loading of the model if that is what it waits for. */
  stop(): void;
}

/** A screen for which no model comes with the package: without one it invites to load some, and `cloze-offer` says which was taken. */
export type BringingElement<State, Result> = ScreenElement<State, Result, OfferEvents>;

/** Finds answers in a text. */
export type ClozeAnswer = BringingElement<AnswerState, AnswerScreenResult> & StateProperties<AnswerState>;
/** Puts texts into classes. */
export type ClozeClassify = BringingElement<ClassifyState, ClassifyResult> & StateProperties<ClassifyState>;
/** Marks names in a text. */
export type ClozeTag = BringingElement<TagState, TagResult> & StateProperties<TagState>;
/** A form's control. */
export interface FormField {
  /** Under which the form sends the word; without one it sends nothing. */
  name: string;
  /** Whether the form is sent only with a word. */
  required: boolean;
  /** Whether nothing can be typed, chosen or pressed. */
  disabled: boolean;
  /** The word in the sentence, which is what a form sends; several stand there with commas, and are sent one by one. */
  readonly value: string;
  readonly form: HTMLFormElement | null;
  readonly labels: NodeList;
  readonly validity: ValidityState;
  readonly validationMessage: string;
  readonly willValidate: boolean;
  checkValidity(): boolean;
  reportValidity(): boolean;
  /** For the browser. */
  formResetCallback(): void;
  /** For the browser. */
  formDisabledCallback(): void;
  /** For the browser. */
  formStateRestoreCallback(kept: unknown): void;
}

/** Predicts masked words. */
export type ClozeFillMask = ScreenElement<FillMaskState, FillMaskResult> & StateProperties<FillMaskState> & FormField;
/** Judges whether one sentence follows another. */
export type ClozeNextSentence = ScreenElement<NextSentenceState, NextSentenceResult> &
  StateProperties<NextSentenceState>;
/** The events of a screen that offers another model beside its own. */
export interface OfferEvents {
  /** The offer was taken, or given back; a page that changes the model itself prevents the event's default. */
  'cloze-offer': CustomEvent<ModelOffer | undefined>;
}

/** A screen that writes. */
export interface WritingElement<State, Result> extends ScreenElement<State, Result, OfferEvents> {
  /** A better model than its own; nothing of it is fetched before it is taken. */
  offer: ModelOffer | undefined;
}

/** Sums a document up. */
export type ClozeSummarize = WritingElement<SummarizeState, SummarizeResult> & StateProperties<SummarizeState>;
/** Continues a text, or talks. */
export interface ClozeGenerate extends WritingElement<GenerateState, GenerateResult>, StateProperties<GenerateState> {
  /** Whether the model and the person talk: then nothing on the screen is to be run again by whoever opens a link. */
  readonly talks: boolean;
}

/** Looks into a model. */
export type ClozeInside = ScreenElement<InsideState, InsideResult, OfferEvents> & StateProperties<InsideState>;

/** The events of the Train screen. */
export interface TrainEvents {
  /** The state changed. */
  'cloze-change': CustomEvent<TrainState>;
  /** A screen is to use a model that was trained here. */
  'cloze-use': CustomEvent<ModelUse>;
  /** A screen is to be shown; unless a page prevents the event's default, it is scrolled to. */
  'cloze-open': CustomEvent<ScreenTask>;
  /** An attribute cannot be used. */
  'cloze-error': CustomEvent<Error & { code?: string }>;
}

/** Trains models. */
export interface ClozeTrain extends Emitting<TrainEvents>, HeadShown {
  /** What is shown at first: a model from scratch, fine-tuning, ChatGPT's steps, or the lessons. */
  view: 'scratch' | 'tune' | 'chat' | 'lessons' | undefined;
  /** The views that are offered, with blanks between them; all where it is left out. One alone has no buttons above it. */
  views: string | undefined;
  /** The view's settings as they stand in links: `hidden_size-32 learning_rate-0.003`. The attributes below win over it. */
  set: string | undefined;
  /** The model that is trained from scratch. */
  architecture: 'gpt' | 'bert' | 'elmo' | 'xlnet' | undefined;
  /** Its size. */
  size: 'small' | 'medium' | 'large' | undefined;
  /** Which of the package's texts it learns from; it is fetched when the run begins. */
  text: 'grimm' | 'oz' | 'countries' | undefined;
  /** How many steps the run has. */
  steps: number | undefined;
  /** The same seed, text and settings give the same run to the last bit. */
  seed: number | undefined;
  /** The lesson that is open. */
  lesson: 'gpt' | 'bert' | 'elmo' | 'xlnet' | 'fine-tuning' | 'chat' | undefined;
  /** Begins once it is scrolled to; from scratch it needs `text`. */
  autorun: boolean;
  /** Which WebAssembly build runs; chosen by the browser's abilities when left out. */
  build: PipelineOptions['build'];
  /** How many threads to use at most. */
  threads: number | undefined;
  /** Set by the page to say what the link of this screen is; otherwise the page's address with a fragment. */
  shareUrl: (() => string) | undefined;
  /** What is set, as plain JSON. Setting merges the keys; throws on those that do not exist, and values it cannot use. */
  get state(): TrainState;
  set state(given: Partial<TrainState>);
  /** The same as `state`. */
  readonly shareState: TrainState;
  /** Begins what the view that is shown does. */
  run(): Promise<void>;
  /** Opens a text that was dropped on the page, if the view that is shown takes one; call it in the event's own turn. */
  takeDropped(data: DataTransfer): boolean;
}

/** The events of the list of models. */
export interface ModelsEvents {
  /** A screen is to use a model. */
  'cloze-use': CustomEvent<ModelUse>;
  /** A screen is to be shown; unless a page prevents the event's default, it is scrolled to. */
  'cloze-open': CustomEvent<ScreenTask>;
  /** A model was loaded. */
  'cloze-loaded': CustomEvent<ModelInfo>;
  /** Another hub was named. */
  'cloze-hub': CustomEvent<string>;
  /** The state changed. */
  'cloze-change': CustomEvent<ModelsState>;
  /** A load failed. */
  'cloze-error': CustomEvent<Error & { code?: string }>;
}

/** Loads models and shows what is kept. */
export interface ClozeModels extends Emitting<ModelsEvents>, HeadShown {
  /** How the weights are stored: `q8` (default), `q4` or `fp32`. */
  dtype: PipelineOptions['dtype'];
  /** Which WebAssembly build runs; chosen by the browser's abilities when left out. */
  build: PipelineOptions['build'];
  /** How many threads to use at most. */
  threads: number | undefined;
  /** Where names are looked up (`env.remote_host`). */
  hub: string;
  /** The hub id or address that stands in the box at first. */
  model: string | undefined;
  /** Hub ids or addresses that are offered above the box, with blanks between them; `none` offers none. */
  models: string | undefined;
  /** The screens that are given models here, with blanks between them (`fill-mask generate`); all where it is left out, and `none` none. */
  tasks: string | undefined;
  /** `none` leaves out the list of what this browser keeps. */
  kept: 'show' | 'none' | undefined;
  /** What may stand in a link. Never the token. */
  get state(): ModelsState;
  set state(given: { model?: string | null });
  /** The same as `state`. */
  readonly shareState: ModelsState;
  /** Loads what stands in the text box; whether that worked. */
  run(): Promise<boolean>;
  /** Opens files that were dropped on the page; call it in the event's own turn. */
  openDropped(data: DataTransfer | null): Promise<boolean>;
  /** Opens files or a folder from this device's disk, which are read where they are. */
  openFiles(files: File[] | FileSystemDirectoryHandle): Promise<boolean>;
  /** Gives a screen the model of an address, as from a link: never with a token. The empty text is the page's own. */
  use(task: ScreenTask, address: string): void;
}

/** What is kept in this browser. */
export interface ClozeKeptModels extends Emitting<{
  /** The rest of a model is wanted. */
  'cloze-resume': CustomEvent<StoredModel>;
}> {
  /** What the page is loading, by the id of its choice: it is not to be begun again. */
  loading: string | undefined;
}

/** The class of an element. */
export interface ElementClass<E extends HTMLElement> {
  new (): E;
  readonly prototype: E;
}

export const ClozeAnswer: ElementClass<ClozeAnswer> = Answer;
export const ClozeClassify: ElementClass<ClozeClassify> = Classify;
export const ClozeTag: ElementClass<ClozeTag> = Tag;
export const ClozeFillMask: ElementClass<ClozeFillMask> = FillMask;
export const ClozeNextSentence: ElementClass<ClozeNextSentence> = NextSentence;
export const ClozeSummarize: ElementClass<ClozeSummarize> = Summarize;
export const ClozeGenerate: ElementClass<ClozeGenerate> = Generate;
export const ClozeInside: ElementClass<ClozeInside> = Inside;
export const ClozeModels: ElementClass<ClozeModels> = Models;
export const ClozeTrain: ElementClass<ClozeTrain> = Train;
export const ClozeKeptModels: ElementClass<ClozeKeptModels> = KeptModels;
/** The custom properties that the elements' colours and fonts are, as a style sheet. */
export const tokens: { readonly cssText: string; readonly styleSheet?: CSSStyleSheet | undefined } = sheet;

declare global {
  interface HTMLElementTagNameMap {
    'cloze-answer': ClozeAnswer;
    'cloze-classify': ClozeClassify;
    'cloze-tag': ClozeTag;
    'cloze-fill-mask': ClozeFillMask;
    'cloze-next-sentence': ClozeNextSentence;
    'cloze-generate': ClozeGenerate;
    'cloze-summarize': ClozeSummarize;
    'cloze-inside': ClozeInside;
    'cloze-train': ClozeTrain;
    'cloze-models': ClozeModels;
    'cloze-kept-models': ClozeKeptModels;
  }
}

/** The element of each screen. */
const screens: Record<Task, CustomElementConstructor> = {
  'fill-mask': FillMask,
  'next-sentence': NextSentence,
  generate: Generate,
  summarize: Summarize,
  inside: Inside,
  train: Train,
  models: Models,
  answer: Answer,
  classify: Classify,
  tag: Tag,
};

define(
  ['cloze-token-stream', TokenStream],
  ['cloze-kept-models', KeptModels],
  ...SCREENS.map(({ task, tag }) => [tag, screens[task]] as const),
);
