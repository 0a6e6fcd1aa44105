/** What the screens that write have in common: the stream of tokens, how far it is, and which token is looked into. */
import { createRef } from 'lit/directives/ref.js';
import type { Alternative, GeneratedToken } from '../../index.js';
import { words } from '../../words/index.js';
import { writingWords } from '../../words/screens/writing.js';
import { count, milliseconds, writingSpeed } from '../format.js';
import type { AnyPipeline, Fact, ScreenHost } from './screen-parts.js';

const say = writingWords;

/** The part of a result that these screens have. */
export interface Written {
  /** The generated text. */
  readonly text: string;
  readonly tokens: readonly GeneratedToken[];
  readonly finish_reason: string;
  readonly seed: number;
  readonly prompt_tokens: number;
  readonly timing: { readonly prefill_ms: number; readonly decode_ms: number; readonly tokens_per_second: number };
}

/** What is needed of the screen that writes. */
export interface WritingScreen<R extends Written> {
  readonly host: ScreenHost;
  readonly pipe: AnyPipeline | undefined;
  result: R | undefined;
  answerer: unknown;
  announce(text: string): void;
}

/** What a screen says of its writing. */
export interface WritingParts {
  /** Whether tokens are drawn by chance, so that the seed matters. */
  draws(): boolean;
  /** Whether another token can be chosen now. */
  canContinue(): boolean;
  /** Continues after a token with another one. */
  continueFrom(index: number, alternative: Alternative): void;
}

/** The element that shows the tokens, as far as it is used here. */
export interface TokenStream extends HTMLElement {
  readonly tokens: readonly GeneratedToken[];
  readonly promptText: string;
  readonly shownText: string;
  begin(prompt: string, kept?: readonly GeneratedToken[]): void;
  add(token: GeneratedToken): void;
  tail(text: string): void;
  flush(): void;
  select(index: number): void;
  reveal(index: number, covered: number): void;
  focusToken(index: number): void;
}

/** How often the status line tells how far the writing is: often enough to be calm. */
const TELL_EVERY = 50;

/** Writing, token by token. */
export class WritingController<R extends Written> {
  /** Where the stream stands in the template. */
  readonly ref = createRef<TokenStream>();
  #selected = -1;
  #shaded = true;
  #begun = false;
  #finishedText = '';
  #written = 0;
  #soFar = '';
  #keptCount = 0;
  #interruptedFacts: readonly Fact[] | undefined;
  #startedAt = 0;

  constructor(
    private readonly screen: WritingScreen<R>,
    readonly parts: WritingParts,
  ) {}

  /** The stream, while it is on the page. */
  get stream(): TokenStream | undefined {
    return this.ref.value;
  }

  /** The token whose alternatives are shown; -1 for none. */
  get selected(): number {
    return this.#selected;
  }

  /** Whether the background shows how sure the model was. */
  get shaded(): boolean {
    return this.#shaded;
  }
  set shaded(shaded: boolean) {
    this.#shaded = shaded;
    this.#update();
  }

  /** Whether something has been written, or is being written. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The whole text once it is there, for screen readers: the tokens are buttons, tedious to read. */
  get finishedText(): string {
    return this.#finishedText;
  }

  /** What the model has written since the beginning; a change of view takes the stream away, not this. */
  get soFar(): string {
    return this.#soFar;
  }

  /** Clears the stream for a new text after `prompt`, keeping `kept` tokens of the earlier run. */
  begin(prompt: string, kept: readonly GeneratedToken[] = []): void {
    this.#begun = true;
    this.#selected = -1;
    this.#finishedText = '';
    this.screen.result = undefined;
    this.#interruptedFacts = undefined;
    this.#written = 0;
    this.#soFar = '';
    this.#startedAt = performance.now();
    this.#keptCount = kept.length;
    this.stream?.begin(prompt, kept);
    this.#update();
  }

  /** Takes what was written away. */
  forget(): void {
    this.#begun = false;
    this.#finishedText = '';
    this.screen.result = undefined;
    this.screen.answerer = undefined;
    this.#update();
  }

  /** Takes a token from the model. */
  readonly onToken = (token: GeneratedToken): void => {
    this.stream?.add(token);
    this.#written++;
    this.#soFar += token.text;
    if (this.#written % TELL_EVERY === 0) this.screen.announce(say.soFar(count(this.#written, 'token')));
  };

  /** The prompt is being read. */
  readonly onPrefill = ({ done, total }: { done: number; total: number }): void =>
    this.screen.announce(done < total ? say.readingPrompt(done, count(total, 'token')) : say.writing);

  /** Shows the end of the text, which belongs to no token. */
  end(result: Written): void {
    const shown = this.#shownText(this.#keptCount);
    const tail = result.text.startsWith(shown) ? result.text.slice(shown.length) : '';
    this.stream?.tail(tail);
    this.stream?.flush();
    this.#finishedText = this.#shownText() + tail;
    this.#update();
  }

  /** Keeps what was written of a run that was stopped or failed. */
  interrupted(): void {
    this.stream?.flush();
    if (this.#written === 0) {
      // A prompt that was refused is in its box, and no text to show.
      if (this.#keptCount === 0) this.forget();
      return;
    }
    const { time, written } = words.frame.facts;
    this.#finishedText = this.#shownText();
    this.#interruptedFacts = [
      [time, milliseconds(performance.now() - this.#startedAt)],
      [written, say.thenStopped(count(this.#written, 'token'))],
    ];
    this.#update();
  }

  /** What the status line says of a run that was stopped. */
  stoppedSummary(): string {
    return this.#written > 0 ? say.stoppedAfter(count(this.#written, 'token')) : words.frame.stopped;
  }

  /** What the status line says of a run that ended by itself. */
  summary({ tokens, finish_reason, timing }: R): string {
    const time = milliseconds(timing.prefill_ms + timing.decode_ms);
    const ends: Readonly<Record<string, string>> = say.ends;
    return say.finished(count(tokens.length, 'token'), time, ends[finish_reason] ?? finish_reason);
  }

  /** What is said of the last run, without the model. */
  facts(): readonly Fact[] {
    const { result } = this.screen;
    if (!result) return this.#interruptedFacts ?? [];
    const { tokens, timing, seed, prompt_tokens } = result;
    const label = words.frame.facts;
    const seedFact: readonly Fact[] = this.parts.draws() ? [[label.seed, String(seed)]] : [];
    return [
      [label.read, label.readIn(count(prompt_tokens, 'token'), milliseconds(timing.prefill_ms))],
      [label.written, label.readIn(count(tokens.length, 'token'), milliseconds(timing.decode_ms))],
      [label.speed, writingSpeed(timing.tokens_per_second)],
      ...seedFact,
    ];
  }

  /** Shows the alternatives of a token. */
  async lookAt(index: number): Promise<void> {
    this.#selected = index;
    this.#update();
    await this.screen.host.updateComplete;
    // The panel sticks to the bottom of the window: the token must not hide behind it.
    const panel = this.#panel;
    if (panel) this.stream?.reveal(index, panel.getBoundingClientRect().height);
  }

  /** Moves the focus into the alternatives. */
  async enterAlternatives(): Promise<void> {
    await this.screen.host.updateComplete;
    const panel = this.#panel;
    (panel?.querySelector<HTMLElement>('button.candidate') ?? panel?.querySelector('button'))?.focus();
  }

  /** Closes the alternatives. */
  leave(): void {
    const index = this.#selected;
    this.stream?.select(-1);
    if (this.screen.host.shadowRoot?.activeElement?.closest('.alternatives')) this.stream?.focusToken(index);
    this.#selected = -1;
    this.stream?.select(-1);
    this.#update();
  }

  get #panel(): HTMLElement | null {
    return this.screen.host.renderRoot.querySelector<HTMLElement>('.alternatives');
  }

  #shownText(from = 0): string {
    return (this.stream?.tokens ?? [])
      .slice(from)
      .map((token) => token.text)
      .join('');
  }

  #update(): void {
    this.screen.host.requestUpdate();
  }
}
