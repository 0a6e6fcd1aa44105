/** What the two screens that write (Generate and TL;DR) have in common: the stream of tokens and what could have come. */
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { Alternative, GeneratedToken } from '../index.js';
import { ClozeElement, type AnyPipeline } from './base.js';
import { count, milliseconds, percent, probabilityOf, spokenToken, visibleSpaces } from './format.js';
import { barTable, modelFacts, numberSetting } from './parts.js';
import { gptHue } from './styles.js';
import type { ClozeTokenStream } from './token-stream.js';

/** The part of a result that both screens have. */
export interface Written {
  /** The generated text. */
  readonly text: string;
  readonly tokens: readonly GeneratedToken[];
  readonly finish_reason: string;
  readonly seed: number;
  readonly prompt_tokens: number;
  readonly timing: { readonly prefill_ms: number; readonly decode_ms: number; readonly tokens_per_second: number };
}

/** Why the writing ended, in words. */
const ENDS: Readonly<Record<string, string>> = {
  eos: 'the model ended the text',
  stop: 'a stop string came',
  length: 'the length you set was reached',
  context: 'the context is full',
  sentences: 'the sentences you asked for are there',
  aborted: 'stopped',
};

/** How often the status line tells how far the writing is: often enough to be calm. */
const TELL_EVERY = 50;

/** Base of the screens that write. */
export abstract class WritingElement<
  S extends object & { seed: number | null },
  P extends AnyPipeline,
  R extends Written,
> extends ClozeElement<S, P, R> {
  static override properties: PropertyDeclarations = {
    selected: { state: true },
    shaded: { state: true },
    begun: { state: true },
    finishedText: { state: true },
  };
  static override styles = [
    ...ClozeElement.styles,
    gptHue,
    css`
      .alternatives {
        position: sticky;
        bottom: 0;
        max-height: 60vh;
        overflow: auto;
        padding: 0.75rem 1rem 1rem;
        background: var(--cloze-paper);
        border: 1px solid var(--cloze-control);
        border-radius: var(--cloze-radius);
      }
      .alternatives .row {
        flex-wrap: nowrap;
        align-items: start;
      }
      .written {
        display: grid;
        gap: 0.75rem;
      }
      .written[hidden] {
        display: none;
      }
    `,
  ];

  /** The token whose alternatives are shown; -1 for none. */
  declare protected selected: number;
  declare protected shaded: boolean;
  /** Whether something has been written (or is being written). */
  declare protected begun: boolean;
  /** The whole text once it is there, for screen readers: the tokens are buttons, tedious to read. */
  declare protected finishedText: string;

  readonly #stream = createRef<ClozeTokenStream>();
  #written = 0;
  /** What the model has written since the beginning; a change of screen takes the stream away, not this. */
  protected soFar = '';
  #keptCount = 0;
  #interruptedFacts: [string, string][] | undefined;
  #startedAt = 0;

  constructor() {
    super();
    this.selected = -1;
    this.shaded = true;
    this.begun = false;
    this.finishedText = '';
  }

  /** Continues after a token with another one; undefined where that is not offered. */
  protected continueFrom?(index: number, alternative: Alternative): void;

  /** Whether another token can be chosen now. */
  protected get canContinue(): boolean {
    return this.continueFrom !== undefined;
  }

  /** Whether tokens are drawn by chance, so that the seed matters. */
  protected get draws(): boolean {
    return true;
  }

  /** A seed chosen for an example goes when its text is changed: otherwise every run would draw the same. */
  protected withoutExampleSeed(key: keyof S): Partial<S> {
    const { current } = this;
    const shown = this.examples.some(({ state }) => state[key] === current[key] && state.seed === current.seed);
    return (shown ? { seed: null } : {}) as Partial<S>;
  }

  override get shareState(): S {
    const { seed } = this.current;
    return { ...this.state, seed: seed ?? (this.draws ? this.result?.seed : undefined) ?? null };
  }

  protected get stream(): ClozeTokenStream | undefined {
    return this.#stream.value;
  }

  /** Clears the stream for a new text. */
  protected beginWriting(prompt: string, kept: readonly GeneratedToken[] = []): void {
    this.begun = true;
    this.selected = -1;
    this.finishedText = '';
    this.result = undefined;
    this.#interruptedFacts = undefined;
    this.#written = 0;
    this.soFar = '';
    this.#startedAt = performance.now();
    this.#keptCount = kept.length;
    this.stream?.begin(prompt, kept);
  }

  /** Takes a token from the model. */
  protected readonly onToken = (token: GeneratedToken): void => {
    this.stream?.add(token);
    this.#written++;
    this.soFar += token.text;
    if (this.#written % TELL_EVERY === 0) this.announce(`Writing: ${count(this.#written, 'token')} so far.`);
  };

  /** The prompt is being read. */
  protected readonly onPrefill = ({ done, total }: { done: number; total: number }): void => {
    if (done < total) this.announce(`Reading the prompt: ${done} of ${count(total, 'token')}.`);
    else this.announce('Writing.');
  };

  /** Shows the end of the text, which belongs to no token. */
  protected endWriting(result: Written): void {
    const shown = this.#shownText(this.#keptCount);
    const tail = result.text.startsWith(shown) ? result.text.slice(shown.length) : '';
    this.stream?.tail(tail);
    this.stream?.flush();
    this.finishedText = this.#shownText() + tail;
  }

  #shownText(from = 0): string {
    return (this.stream?.tokens ?? [])
      .slice(from)
      .map((token) => token.text)
      .join('');
  }

  protected override interrupted(_error: unknown): void {
    this.stream?.flush();
    if (this.#written === 0) return;
    const ms = performance.now() - this.#startedAt;
    this.finishedText = this.#shownText();
    this.#interruptedFacts = [
      ['Time', milliseconds(ms)],
      ['Written', `${count(this.#written, 'token')}, then stopped`],
    ];
  }

  protected override stoppedSummary(): string {
    return this.#written > 0 ? `Stopped after ${count(this.#written, 'token')}.` : 'Stopped.';
  }

  protected override summary({ tokens, finish_reason, timing }: R): string {
    const seconds = milliseconds(timing.prefill_ms + timing.decode_ms);
    return `Finished: ${count(tokens.length, 'token')} in ${seconds}; ${ENDS[finish_reason] ?? finish_reason}.`;
  }

  /** The setting for the seed; `disabled` where nothing is drawn by chance. */
  protected renderSeed(disabled = false): TemplateResult {
    return numberSetting({
      id: 'seed',
      label: 'Seed',
      about: 'The same seed draws the same text; empty takes a new one each time.',
      value: this.current.seed,
      min: 0,
      max: 4_294_967_295,
      step: 1,
      optional: true,
      placeholder: 'new each time',
      disabled,
      problem: this.refused['seed'],
      change: (seed) => this.change({ seed } as Partial<S>),
      refuse: (why) => this.refuse('seed', why),
    });
  }

  protected override facts(): [string, string][] {
    if (!this.pipe) return [];
    const model = modelFacts(this.pipe.info, this.pipe.runtime);
    if (this.result) {
      const { tokens, timing, seed, prompt_tokens } = this.result;
      return [
        ['Read', `${count(prompt_tokens, 'token')} in ${milliseconds(timing.prefill_ms)}`],
        ['Written', `${count(tokens.length, 'token')} in ${milliseconds(timing.decode_ms)}`],
        ['Speed', `${timing.tokens_per_second.toFixed(1)} tokens/s`],
        ...(this.draws ? [['Seed', String(seed)] as [string, string]] : []),
        ...model,
      ];
    }
    return this.#interruptedFacts ? [...this.#interruptedFacts, ...model] : [];
  }

  /** The stream and, below it, what could have come instead of the chosen token. */
  protected renderStream(label: string): TemplateResult {
    return html`<div class="written" ?hidden=${!this.begun}>
      <cloze-token-stream
        ${ref(this.#stream)}
        aria-live="off"
        .label=${label}
        .shaded=${this.shaded}
        @token-select=${this.#lookAt}
        @token-enter=${this.#enterAlternatives}
        @token-leave=${this.#leave}
      ></cloze-token-stream>
      <p class="hidden-text" id="whole-text">${this.finishedText ? `The whole text: ${this.finishedText}` : ''}</p>
      <div class="row spread small">
        <span class="muted">Click a token, or move with the arrow keys, to see what else could have come.</span>
        <label class="choice small">
          <input
            type="checkbox"
            .checked=${this.shaded}
            @change=${(event: Event) => (this.shaded = (event.target as HTMLInputElement).checked)}
          />
          Shade what was unlikely
        </label>
      </div>
      ${this.#renderAlternatives()}
    </div>`;
  }

  #renderAlternatives(): TemplateResult | typeof nothing {
    const token = this.stream?.tokens[this.selected];
    if (!token) return nothing;
    const probability = probabilityOf(token.logprob);
    const rows = token.top.some((one) => one.id === token.id)
      ? [...token.top]
      : [...token.top, { id: token.id, token: token.token, logprob: token.logprob }];
    const chosen = visibleSpaces(token.token);
    return html`<div
      class="alternatives"
      role="group"
      aria-label="Alternatives to “${spokenToken(token.token)}”"
      @keydown=${this.#onAlternativeKey}
    >
      <div class="row spread">
        <p class="small">
          The model wrote <span class="token">${chosen}</span> with ${percent(probability)}.
          ${this.canContinue ? 'Choose another token to continue from there.' : ''}
        </p>
        <button type="button" class="quiet" aria-label="Close the alternatives" @click=${this.#leave}>✕</button>
      </div>
      ${barTable({
        caption: html`<span class="hidden-text">What could have come here</span>`,
        of: 'Token',
        rows: rows.map((one) => ({
          label: this.canContinue
            ? visibleSpaces(one.token)
            : html`<span class="token">${visibleSpaces(one.token)}</span>`,
          spoken:
            one.id === token.id ? `${spokenToken(one.token)}, written here` : `Continue with ${spokenToken(one.token)}`,
          score: probabilityOf(one.logprob),
          chosen: one.id === token.id,
          // Half a character cannot be typed on.
          disabled: one.token.includes('\uFFFD'),
        })),
        ...(this.canContinue ? { choose: (index: number) => this.#choose(rows[index]!, token) } : {}),
      })}
    </div>`;
  }

  #choose(alternative: Alternative, token: GeneratedToken): void {
    if (alternative.id === token.id) return;
    this.continueFrom?.(this.selected, alternative);
  }

  readonly #lookAt = async (event: CustomEvent<number>): Promise<void> => {
    this.selected = event.detail;
    await this.updateComplete;
    // The panel sticks to the bottom of the window: the token must not hide behind it.
    const panel = this.renderRoot.querySelector('.alternatives');
    if (panel) this.stream?.reveal(event.detail, panel.getBoundingClientRect().height);
  };

  readonly #enterAlternatives = async (): Promise<void> => {
    await this.updateComplete;
    const panel = this.renderRoot.querySelector('.alternatives');
    (panel?.querySelector<HTMLElement>('button.candidate') ?? panel?.querySelector('button'))?.focus();
  };

  readonly #leave = (): void => {
    const index = this.selected;
    this.stream?.select(-1);
    if (this.shadowRoot?.activeElement?.closest('.alternatives')) this.stream?.focusToken(index);
    this.selected = -1;
    this.stream?.select(-1);
  };

  readonly #onAlternativeKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    const index = this.selected;
    this.stream?.focusToken(index);
  };
}
