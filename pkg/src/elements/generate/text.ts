/** A text that is continued, token by token; from any of them it can be continued otherwise. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Alternative, GeneratedToken, TextGenerationPipeline } from '../../index.js';
import { generateWords } from '../../words/screens/generate.js';
import { writingWords } from '../../words/screens/writing.js';
import type { Problem } from '../controllers/problem.js';
import { examplesOf } from '../examples.js';
import { withoutExample } from '../told-examples.js';
import { emptyState, textBox } from '../widgets/parts.js';
import { renderWritten } from '../widgets/written.js';
import { generateSchema, mannerOf, TEXT, type GenerateState, type Manner } from './schema.js';
import { optionsOf, type GenerateContext, type GenerateResult, type View } from './view.js';

const say = generateWords.text;

/** Beginnings of texts. */
export const BEGINNINGS = examplesOf<GenerateState, 'generate'>('generate', say.examples);

/** What goes with an example's prompt. */
export const leaving = (state: GenerateState): Partial<GenerateState> =>
  withoutExample(state, BEGINNINGS, 'prompt', generateSchema);

/** The view of a text. */
export class TextView implements View {
  get verb(): string {
    return say.verb;
  }
  get doing(): string {
    return say.doing;
  }
  readonly examples = BEGINNINGS;
  readonly canContinue = true;
  readonly input = 'prompt';

  /** Tokens of the earlier run that are kept, while they are still shown. */
  #kept: readonly GeneratedToken[] = [];
  #continuing = false;

  constructor(private readonly context: GenerateContext) {}

  get manner(): Manner {
    return mannerOf(TEXT, this.context.screen.pipe?.info.generation?.options);
  }

  get #state(): GenerateState {
    return this.context.screen.current;
  }

  check(): Problem | undefined {
    if (this.#state.prompt !== '') return undefined;
    return { at: 'prompt', code: 'empty_input', message: say.noPrompt };
  }

  async perform(pipe: TextGenerationPipeline, signal: AbortSignal): Promise<GenerateResult> {
    const { screen, writing } = this.context;
    const { prompt, kept } = this.#state;
    const known = textOf(this.#kept);
    const shown = kept.endsWith(known) ? this.#kept : [];
    writing.begin(prompt + (shown.length > 0 ? kept.slice(0, kept.length - known.length) : kept), shown);
    await screen.host.updateComplete;
    const [result] = await pipe(prompt + kept, optionsOf(this.#state, writing, signal));
    writing.end(result);
    return result;
  }

  /** The button starts from the prompt; only {@link continueFrom} and links keep generated text. */
  beforeRun(): void {
    if (!this.#continuing && this.context.writing.begun && this.#state.kept) this.#forgetKept();
  }

  /** Another beginning: what followed the old one does not follow this one. */
  changed(before: GenerateState): void {
    const { prompt, kept } = this.#state;
    if (before.prompt !== prompt && before.kept === kept && kept !== '') this.#forgetKept();
  }

  /** Keeps the text up to a token, puts another one there, and goes on. */
  continueFrom(index: number, alternative: Alternative): void {
    const { screen, writing } = this.context;
    const stream = writing.stream!;
    const replaced = stream.tokens[index]!;
    this.#kept = [...stream.tokens.slice(0, index), { ...replaced, ...alternative, text: alternative.token }];
    screen.link.change({ kept: this.#looseBeginning() + textOf(this.#kept) });
    this.#continuing = true;
    void screen.run().finally(() => {
      this.#continuing = false;
    });
    // The chosen button goes with the old tokens: keep the keyboard's place.
    void screen.host.updateComplete.then(() => screen.focus('stop'));
  }

  /** Kept text that came by link, so that its tokens are not known. */
  #looseBeginning(): string {
    const { prompt } = this.#state;
    const shown = this.context.writing.stream?.promptText ?? '';
    return shown.startsWith(prompt) ? shown.slice(prompt.length) : '';
  }

  #forgetKept(): void {
    this.#kept = [];
    this.context.screen.link.change({ kept: '' });
  }

  copyable(): string | undefined {
    const { stream, finishedText } = this.context.writing;
    return finishedText ? (stream?.promptText ?? '') + finishedText : undefined;
  }

  shared(state: GenerateState): GenerateState {
    return { ...state, message: '', system: '' };
  }

  renderInput(): TemplateResult {
    const { link, problem } = this.context.screen;
    return textBox({
      id: 'prompt',
      label: say.prompt,
      rows: 4,
      placeholder: say.placeholder,
      value: link.current.prompt,
      problem: problem.at('prompt'),
      change: (prompt) => link.change({ prompt, ...leaving(link.current) }),
    });
  }

  renderResults(): TemplateResult {
    const { writing } = this.context;
    return html`${writing.begun ? nothing : emptyState(say.empty)} ${renderWritten(writing, writingWords.stream)}`;
  }
}

const textOf = (tokens: readonly GeneratedToken[]): string => tokens.map((token) => token.text).join('');
