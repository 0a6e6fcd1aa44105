/** What a screen says for itself, and what is read of its element. */
import type { nothing, TemplateResult } from 'lit';
import type { ModelArgument, ModelInfo, PipelineOptions, RuntimeInfo } from '../../index.js';
import type { Appearance, PartsShown } from '../appearance.js';
import type { Example } from './beginning.js';
import type { Host } from './host.js';
import type { Problem } from './problem.js';

/** A model that a screen offers beside its own: nothing of it is fetched before it is taken. */
export interface ModelOffer {
  /** What `pipeline` takes. */
  readonly model: string;
  readonly name: string;
  /** What is fetched, in bytes. */
  readonly bytes: number;
  /** Whose server it comes from, where that is not the page's own. */
  readonly from?: string;
}

/** What is said of a screen for which no model comes with the package. */
export interface Invitation {
  /** The invitation, on a screen. */
  render(screen: InvitingScreen): TemplateResult;
  /** That there is no model yet, beside the button of that name. */
  lack(verb: string): string;
  /** What its model must have been trained for. */
  readonly needs: string;
  /** Some that suit, with a few words on each. */
  readonly offers: readonly (ModelOffer & { readonly about: string })[];
}

/** What an invitation reads of its screen. */
export interface InvitingScreen {
  readonly host: ScreenHost;
  readonly problem: { at(control: string): string | undefined };
  readonly parts: { readonly invitation?: () => Invitation };
}

/** What the screens need of every pipeline. */
export interface AnyPipeline {
  readonly info: ModelInfo;
  readonly runtime: RuntimeInfo;
  dispose(): unknown;
}

/** The model that gave an answer, as it was then: the screen may have another one by now. */
export interface Answerer {
  /** What it is called; the empty text is the one that comes with the package. */
  readonly name: string;
  readonly info: ModelInfo;
  readonly runtime: RuntimeInfo;
}

/** Name and value of something that the page says of a run. */
export type Fact = readonly [name: string, value: string];

/** The element of a screen, as far as its controllers and templates read it. */
export interface ScreenHost extends Host, Appearance, PartsShown {
  /** Folder, hub id, files (as a property) or nothing (the model that comes with the package). */
  readonly model: ModelArgument;
  /** What to call it on the screen, where `model` is no text or a long one. */
  readonly modelName: string | undefined;
  /** For the origin that `model` comes from, if it asks for one. Only a property: it is to stand nowhere. */
  readonly token: string | undefined;
  /** How the weights are stored: `q8` (default), `q4` or `fp32`. */
  readonly dtype: PipelineOptions['dtype'];
  /** Which WebAssembly build runs; chosen by the browser's abilities when left out. */
  readonly build: PipelineOptions['build'];
  /** How many threads to use at most. */
  readonly threads: number | undefined;
  /**
   * Runs once as soon as the model is there. The model is loaded when the element is first seen: one below the fold waits
   * until the reader scrolls to it; `load()` or `run()` begin at once.
   */
  readonly autorun: boolean;
  /** A better model, offered on screens that write. */
  readonly offer?: ModelOffer | undefined;
  /** The page that a link to this screen leads to, or what says the whole link; left out, none is offered. */
  readonly shareUrl: string | (() => string) | undefined;
}

/** What a screen says for itself. */
export interface ScreenParts<S, P, R> {
  examples(): readonly Example<S>[];
  /** What stands on the screen at first, where it is not the first example. */
  start?(): Partial<S>;
  /** The run button's name. */
  verb(): string;
  /** What the run is called while it runs. */
  doing(): string;
  /** Loads this screen's pipeline. */
  open(options: PipelineOptions): Promise<P>;
  /** Does the task; a rejection with code `aborted` counts as stopped. */
  perform(pipe: P, signal: AbortSignal): Promise<R>;
  /** Why the run cannot start, judged without the model; undefined if it can. */
  check(): Problem | undefined;
  /** Which control an error of the model core belongs to; `details` are the facts of the case. */
  placeOf(code: string, details: Readonly<Record<string, unknown>>): string;
  /** One sentence about the result, for the status line. */
  summary(result: R): string;
  /** What `Copy` copies; undefined while there is nothing. */
  copyable(): string | undefined;
  /** What is said of the run below the results. */
  facts(): readonly Fact[];
  /** Its name, as a heading. */
  title(): string;
  /** What it is about. */
  renderAbout(): TemplateResult;
  /** What stands between that and the input however much is shown: what is to be chosen first. */
  renderFirst?(): TemplateResult | typeof nothing;
  renderInput(): TemplateResult;
  renderResults(): TemplateResult;
  renderSettings?(): TemplateResult;
  /** Which models the screen asks the reader for, if none comes with the package. */
  readonly invitation?: () => Invitation;
  /** Whether the answer is shown while it comes, in the place of the one before. */
  readonly streams?: true;
  /** Whether the results have the whole width, below the input. */
  readonly wide?: true;
  /** Whether it now runs without a model: none is loaded then, and `perform` is given none. */
  modelless?(): boolean;
  /** What the model depends on beside the host's settings: another value lets it go, and loads it anew if it was wanted. */
  needs?(): string | undefined;
  /** Whether what failed can only be fetched anew by the page as a whole: then it is reloaded in the place of a retry. */
  reloads?(): boolean;
  /** Further buttons, before Stop: that one leaves a gap while nothing runs. */
  renderActions?(): TemplateResult | undefined;
  /** What a link says of the screen, where it is not the state as it is. */
  shared?(): S;
  /** What a link to this screen shows, in words. */
  linkContent?(): string;
  /** What the status line says after `Stop`. */
  stoppedSummary?(): string;
  /** This screen's own words for an error, where they help more than the general ones. */
  wording?(code: string): string | undefined;
  /** What is set back when the page sets these keys: what an example had set beside its text. */
  withdrawn?(given: Partial<S>): Partial<S>;
  /** Called before each run, whoever asked for it. */
  beforeRun?(): void;
  /** Called once the model is there. */
  opened?(pipe: P): void;
  /** Called when a run is stopped or fails; a screen may keep the part that is there. */
  interrupted?(error: unknown): void;
  /** Called on every change of the state. */
  changed?(before: S): void;
}
