/** What a view of the Inside screen is: a module that says what it needs, computes it, shows it, and hands it out to be saved. */
import type { CSSResult, TemplateResult } from 'lit';
import type { ModelInfo, OpenedModel, PipelineOptions, Pipelines, RuntimeInfo, Task } from '../../index.js';
import type { Problem } from '../controllers/problem.js';
import type { Example } from '../controllers/beginning.js';
import type { Paper } from '../papers.js';
import type { Drawing } from './drawing/drawing.js';
import type { InsideState } from './schema.js';

/** Which model: one of the package's own, the one that the screen was given, or one that this browser keeps. */
export type ModelKey = 'bert' | 'gpt' | 'given' | `kept:${string}`;

/** A model that is looked into. */
export interface InsideModel {
  readonly key: ModelKey;
  /** Which one it is, for what is kept of it: two may have the same name. */
  readonly id: string;
  /** For people: `the small BERT that comes with Cloze`. */
  readonly name: string;
  readonly info: ModelInfo;
  readonly runtime: RuntimeInfo;
  readonly inspect: OpenedModel['inspect'];
  /** A pipeline on the same model, which is not loaded again; dispose of it. */
  pipeline<T extends Task>(task: T): Promise<Pipelines[T]>;
}

/** What a view computes from. */
export interface Asked {
  /** What was typed and set when the run began. */
  readonly state: Readonly<InsideState>;
  /** The model that the reader chose. */
  readonly chosen: ModelKey;
  /** One of those that the view needs. */
  model(key: ModelKey): InsideModel;
  readonly signal: AbortSignal;
  /** Which WebAssembly build the page asks for. */
  readonly build: PipelineOptions['build'];
  /** Says how far it is. */
  tell(text: string): void;
}

/** What a view is drawn with. */
export interface Frame {
  readonly state: Readonly<InsideState>;
  /** The model that the reader chose. */
  readonly chosen: ModelKey;
  /** Sets something; what a view's `inputs` name makes it run again. */
  change(change: Partial<InsideState>): void;
  /** Says something in the status line. */
  announce(text: string): void;
  /** What is wrong with the control of this id. */
  problem(id: string): string | undefined;
  /** A number box holds something that is no value. */
  refuse(key: string, why: string): void;
  /** Why a number box's value was refused. */
  refusal(key: string): string | undefined;
  /** Draws the view again: for what is set on it and stands in no link. */
  update(): void;
  /** Runs the view. */
  run(): void;
  /** Whether the text or the model was changed since the result was computed. */
  readonly stale: boolean;
  /** The models that may stand beside the chosen one: what a link calls them, and what people do. */
  readonly others: readonly { readonly id: string; readonly name: string }[];
  /** How many CSS pixels a picture may be wide without being scrolled. */
  readonly width: number;
}

/** What can be saved of a view: the picture that is shown, and its numbers. */
export interface Saved {
  /** Of the files, without ending: `attention-layer-2-head-3`. */
  readonly name: string;
  /** What SVG and PNG are made of. */
  readonly drawing: Drawing;
  /** What CSV is made of; numbers stand in it as they are. */
  readonly table: { readonly columns: readonly string[]; readonly rows: Iterable<readonly (string | number)[]> };
}

/** The words of a view. */
export interface ViewWords {
  /** Its name. */
  readonly label: string;
  /** What one sees, in one or two sentences. */
  readonly about: string;
  /** What stands behind its `?`: the term, what it means and what to look at. */
  readonly help: { readonly term: string; readonly text: string };
}

/** A view. `R` is what it computes. */
export interface InsideView<R> {
  readonly words: ViewWords;
  readonly paper: Paper;
  /** Which boxes it has: `pair` is Text and Sentence B, `lines` is one text a line, `none` brings its own. */
  readonly box: 'text' | 'pair' | 'lines' | 'none';
  /** Typing runs it again after a pause, once it ran. */
  readonly live?: true;
  /** What it looks like, beside what all screens have. */
  readonly styles?: CSSResult;
  /** Elements of its own, by their names. */
  readonly elements?: Readonly<Record<string, CustomElementConstructor>>;
  /** Texts to begin with; they need not name the view. */
  readonly examples: readonly Example<InsideState>[];
  /** The models that it needs, and no others; the first is the one that the page tells of. */
  needs(state: Readonly<InsideState>, chosen: ModelKey): readonly ModelKey[];
  /** The keys beside the texts on which the result depends. */
  readonly inputs: readonly (keyof InsideState)[];
  /** Why it cannot run; that there is no text is found without it. */
  check?(state: Readonly<InsideState>): Problem | undefined;
  /** Computes. */
  perform(asked: Asked): Promise<R>;
  /** One sentence about the result, for the status line. */
  summary(result: R, frame: Frame): string;
  /** What is set on it, below the boxes. */
  renderControls?(frame: Frame, result: R | undefined): TemplateResult;
  /** What stands where the result will. */
  readonly empty: readonly string[];
  /** The result. */
  render(result: R, frame: Frame): TemplateResult;
  /** What can be saved of it as it is shown. */
  saved(result: R, frame: Frame): Saved | undefined;
  /** Lets go what it keeps for all elements, once the last of them has left the page. */
  release?(): void;
}
