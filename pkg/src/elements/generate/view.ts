/** What the Generate screen is made of: a text that is continued, or a conversation. */
import type { TemplateResult } from 'lit';
import { LIMITS } from '../../border/core.js';
import type {
  ChatOutput,
  SamplingOptions,
  TextGenerationOptions,
  TextGenerationOutput,
  TextGenerationPipeline,
} from '../../index.js';
import type { Problem } from '../controllers/problem.js';
import type { Example } from '../controllers/beginning.js';
import type { ScreenController } from '../controllers/screen.js';
import type { WritingController } from '../controllers/writing.js';
import { lines } from '../state.js';
import type { GenerateState, Manner } from './schema.js';

/** A result of the Generate screen: the pipeline's. */
export type GenerateResult = TextGenerationOutput | ChatOutput;

/** The controllers of the screen, which both views write with. */
export interface GenerateContext {
  readonly screen: ScreenController<GenerateState, TextGenerationPipeline, GenerateResult>;
  readonly writing: WritingController<GenerateResult>;
}

/** One of the two. */
export interface View {
  readonly verb: string;
  /** What the run is called while it runs. */
  readonly doing: string;
  readonly examples: readonly Example<GenerateState>[];
  /** The settings that suit it. */
  readonly manner: Manner;
  /** Whether the text can be continued from another token. */
  readonly canContinue: boolean;
  /** Which control what is typed stands in. */
  readonly input: string;
  /** What a link to it shows, where that is not simply the screen. */
  readonly linkContent?: string;
  check(): Problem | undefined;
  /** Own words for an error. */
  wording?(code: string): string | undefined;
  perform(pipe: TextGenerationPipeline, signal: AbortSignal): Promise<GenerateResult>;
  copyable(): string | undefined;
  /** The state without what belongs to the other view, or to nobody who is sent a link. */
  shared(state: GenerateState): GenerateState;
  renderInput(): TemplateResult;
  renderResults(): TemplateResult;
  /** Further buttons. */
  renderActions?(): TemplateResult;
  /** Settings of its own. */
  renderSettings?(): TemplateResult;
}

/** The settings that are the core's options, by the names of both. */
const OPTIONS: ReadonlySet<string> = new Set(['do_sample', ...Object.keys(LIMITS['text-generation'])]);

/** What both views ask the model with. */
export function optionsOf(
  state: GenerateState,
  { onToken, onPrefill }: Pick<WritingController<GenerateResult>, 'onToken' | 'onPrefill'>,
  signal: AbortSignal,
): TextGenerationOptions {
  // A seed that is null is one that was not chosen.
  const chosen = Object.entries(state).filter(([key, value]) => OPTIONS.has(key) && value !== null);
  return {
    ...(Object.fromEntries(chosen) as SamplingOptions),
    ...(state.stop ? { stop: lines(state.stop) } : {}),
    on_token: onToken,
    on_prefill: onPrefill,
    signal,
    replace: true,
  };
}
