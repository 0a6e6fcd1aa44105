/** `<cloze-fill-mask>`: BERT reads the whole text at once and says what stood where `[MASK]` is. */
import { css, html, nothing, type TemplateResult } from 'lit';
import {
  pipeline,
  type Candidate,
  type FillMaskPipeline,
  type JointFillOutput,
  type PipelineOptions,
  type TokenInfo,
} from '../index.js';
import { ClozeElement, type Example, type Problem } from './base.js';
import { count, milliseconds, percent } from './format.js';
import { bestCombinations, carry, countMasks, fill, pieces, toggle, type Hidden, type Piece } from './masking.js';
import { papers } from './papers.js';
import { barTable, modelFacts, numberSetting, tokenChips } from './parts.js';
import { rove } from './roving.js';
import { words, type Schema } from './state.js';

/** What is typed and set on the Fill mask screen. */
export interface FillMaskState {
  /** The text, with `[MASK]` where a word is wanted. */
  text: string;
  /** How many candidates each table shows. */
  top_k: number;
  /** How several masks are filled. */
  joint: 'independent' | 'left-to-right' | 'best-first';
  /** Words to compare, with commas; empty: the whole vocabulary competes. */
  targets: string;
}

/** The candidates of one mask. */
export interface MaskTable {
  readonly candidates: readonly Candidate[];
  /** When the masks are filled one after the other: at which step this one was, from 1. */
  readonly step?: number;
}

/** A result of the Fill mask screen. */
export interface FillMaskResult {
  /** The text that was predicted. */
  readonly text: string;
  /** Whether the model's masks stand for the blank before them, too. */
  readonly takesBlanks: boolean;
  readonly masks: readonly MaskTable[];
  /** The steps, when the masks are filled one after the other. */
  readonly joint: JointFillOutput | null;
  readonly tokens: readonly TokenInfo[];
  readonly ms: number;
}

/** More words than this are not offered as buttons: BERT reads at most 512 tokens anyway. */
const MOST_WORDS = 400;

const ORDERS = [
  ['independent', 'Independently', 'Each mask is predicted as if the others stayed masked.'],
  ['left-to-right', 'Left to right', 'Each fill is read when the next mask is predicted.'],
  ['best-first', 'Best first', 'The surest mask is filled first, then all are predicted again.'],
] as const;

/** Predicts masked words. */
export class ClozeFillMask extends ClozeElement<FillMaskState, FillMaskPipeline, FillMaskResult> {
  static override styles = [
    ...ClozeElement.styles,
    css`
      .words {
        display: flow-root;
        max-height: 15rem;
        overflow: auto;
        font-family: var(--cloze-serif);
        font-size: 1.125rem;
        line-height: var(--cloze-target);
        white-space: pre-wrap;
        /* Room for the focus ring. */
        padding: 0.125rem 0.25rem;
        margin-inline: -0.25rem;
      }
      .words button {
        display: inline;
        min-width: 0;
        min-height: 0;
        padding: 0.5rem 0.0625rem;
        border: 0;
        border-radius: 0.125rem;
        font: inherit;
        line-height: 1.25;
        text-decoration: underline dotted var(--cloze-control) 1px;
        text-underline-offset: 0.3em;
      }
      .words button:hover {
        color: var(--hue);
        background: var(--cloze-inset);
      }
      .words button[aria-pressed='true'] {
        padding-inline: 0.375rem;
        color: var(--hue);
        background: color-mix(in oklab, var(--hue) 13%, var(--cloze-paper));
        font-family: var(--cloze-mono);
        font-size: 0.9375rem;
        text-decoration: none;
      }
      mark {
        padding: 0 0.125em;
        color: inherit;
        background: color-mix(in oklab, var(--hue) 15%, var(--cloze-paper));
        border-bottom: 2px solid var(--hue);
      }
      mark.open {
        border-bottom-style: dashed;
        font-family: var(--cloze-mono);
        font-size: 0.8em;
      }
      .masks {
        display: grid;
        gap: 1.5rem;
      }
      ol.filled,
      ol.steps {
        display: grid;
        gap: 0.5rem;
        padding-inline-start: 1.5rem;
        font-size: 0.9375rem;
      }
      @media (forced-colors: active) {
        .words button[aria-pressed='true'] {
          border: 1px solid Highlight;
        }
      }
    `,
  ];

  protected readonly task = 'fill-mask';
  protected readonly verb = 'Predict';
  protected readonly doing = 'Reading the text.';
  protected readonly schema: Schema = {
    text: { kind: 'text', default: '' },
    top_k: { kind: 'number', default: 5, min: 1, max: 50, whole: true },
    joint: { kind: 'choice', default: 'independent', of: ORDERS.map(([value]) => value) },
    targets: { kind: 'text', default: '' },
  };
  protected readonly examples: readonly Example<FillMaskState>[] = [
    { name: 'A capital', state: { text: 'Paris is the capital of [MASK].' } },
    { name: 'Grammar', state: { text: 'The children [MASK] playing in the garden.' } },
    { name: 'Common sense', state: { text: 'She opened the [MASK] and walked into the room.' } },
    { name: 'Two masks', state: { text: 'The [MASK] sailed across the [MASK].', joint: 'best-first' } },
    { name: 'Compare words', state: { text: 'The nurse said that [MASK] was tired.', targets: 'he, she, they' } },
  ];

  /** What each mask of the text hides; null where it was typed. */
  #hidden: Hidden | undefined;
  /** Which candidate of each mask is in the sentence. */
  #chosen: number[] = [];

  protected open(options: PipelineOptions): Promise<FillMaskPipeline> {
    return pipeline('fill-mask', this.model, options);
  }

  get #masked(): { text: string; hidden: Hidden } {
    const { text } = this.current;
    return { text, hidden: (this.#hidden ??= Array<null>(countMasks(text)).fill(null)) };
  }

  protected override stateChanged(before: FillMaskState): void {
    super.stateChanged(before);
    const hidden = this.#hidden ?? Array<null>(countMasks(before.text)).fill(null);
    this.#hidden = carry({ text: before.text, hidden }, this.current.text);
  }

  protected check(): Problem | undefined {
    const { text } = this.current;
    if (text.trim() === '')
      return { at: 'text', code: 'empty_input', message: 'Type a sentence first, or choose an example above.' };
    if (countMasks(text) === 0) {
      return {
        at: 'text',
        code: 'no_mask',
        message: 'No word is masked. Click a word below the box to mask it, or type [MASK] where a word is wanted.',
      };
    }
    return undefined;
  }

  protected placeOf(code: string): string {
    if (code === 'unknown_target') return 'targets';
    if (code === 'invalid_option') return 'run';
    return ['empty_input', 'no_mask', 'input_too_long'].includes(code) ? 'text' : 'run';
  }

  protected async perform(pipe: FillMaskPipeline, signal: AbortSignal): Promise<FillMaskResult> {
    const { text, top_k, joint } = this.current;
    const targets = words(this.current.targets);
    // The screen says [MASK] whatever the model says.
    const asked = text.replaceAll('[MASK]', pipe.info.mask_token ?? '[MASK]');
    const tokens = await pipe.tokenize(asked);
    const start = performance.now();
    let masks: MaskTable[];
    let jointly: JointFillOutput | null = null;
    if (joint !== 'independent' && countMasks(text) > 1) {
      jointly = await pipe(asked, { top_k, joint, signal, replace: true });
      masks = Array.from({ length: jointly.steps.length }, (_, mask) => {
        const step = jointly!.steps.findIndex((one) => one.mask === mask);
        return { candidates: jointly!.steps[step]?.candidates ?? [], step: step + 1 } as MaskTable;
      });
    } else {
      const lists = await pipe.masks(asked, {
        top_k: targets.length || top_k,
        ...(targets.length ? { targets } : {}),
        signal,
        replace: true,
      });
      masks = lists.map((candidates) => ({ candidates }));
    }
    const ms = performance.now() - start;
    this.#chosen = masks.map(({ candidates }, mask) => {
      const step = jointly?.steps.find((one) => one.mask === mask);
      return Math.max(0, step ? candidates.findIndex((candidate) => candidate.token === step.token) : 0);
    });
    return { text, takesBlanks: pipe.info.mask_takes_blanks, masks, joint: jointly, tokens, ms };
  }

  protected summary(result: FillMaskResult): string {
    const first = result.masks
      .map(({ candidates }, mask) => candidates[this.#chosen[mask] ?? 0])
      .map((one) => (one ? `“${one.token_str}” ${percent(one.score)}` : ''));
    return `${count(result.masks.length, 'mask')} predicted in ${milliseconds(result.ms)}: ${first.join(', ')}.`;
  }

  protected copyable(): string | undefined {
    return this.result && this.#sentence(this.result);
  }

  #sentence(result: FillMaskResult): string {
    return this.#parts(result)
      .map((part) => part.text)
      .join('');
  }

  #parts(result: FillMaskResult) {
    return fill(
      result.text,
      result.masks.map(({ candidates }, mask) => candidates[this.#chosen[mask] ?? 0]?.token_str),
      result.takesBlanks,
    );
  }

  protected facts(): [string, string][] {
    if (!this.result || !this.pipe) return [];
    const { ms, tokens } = this.result;
    const speed = `${Math.round((tokens.length / ms) * 1000).toLocaleString('en-GB')} tokens/s`;
    return [
      ['Time', milliseconds(ms)],
      ['Read', count(tokens.length, 'token')],
      ['Speed', speed],
      ...modelFacts(this.pipe.info, this.pipe.runtime),
    ];
  }

  protected renderAbout(): TemplateResult {
    return html`<h2>Fill mask</h2>
      <p>
        Some words are hidden behind <span class="token">[MASK]</span>. BERT reads what stands before and after them at
        once, and gives every word of its vocabulary a probability of being the hidden one.
        <cloze-help term="a masked language model" .paper=${papers.bert}>
          BERT learned by having one word in seven hidden and guessing it from both sides, on millions of sentences. The
          percentages are its whole belief: over all the words it knows they add up to 100 %.
        </cloze-help>
      </p>
      <p class="small muted">
        The model that comes with this page is small (23 million parameters): good at grammar and everyday things,
        patchy on facts.
      </p>`;
  }

  protected renderInput(): TemplateResult {
    const { text } = this.current;
    const box = this.renderTextBox({
      id: 'text',
      label: 'Text',
      rows: 3,
      spellcheck: false,
      placeholder: 'Type a sentence; write [MASK] where a word is wanted.',
      value: text,
      change: (typed) => this.change({ text: typed }),
    });
    return html`${box} ${this.#renderWords()}`;
  }

  protected override renderSettings(): TemplateResult {
    const { joint, targets, top_k } = this.current;
    return html`<details>
      <summary>Settings <span class="muted">${this.#settingsInWords()}</span></summary>
      <div class="inside">
        <fieldset class="field">
          <legend>
            Several masks
            <cloze-help term="joint filling" .paper=${papers.maskPredict}>
              BERT predicts each mask on its own, so that two good words need not go well together. Filling one and
              reading the text again, left to right or the surest first, lets later words agree with earlier ones.
            </cloze-help>
          </legend>
          ${ORDERS.map(
            ([value, name, about]) =>
              html`<label class="choice">
                <input
                  type="radio"
                  name="joint"
                  .checked=${joint === value}
                  @change=${() => this.change({ joint: value })}
                />
                <span>${name} <span class="small muted">${about}</span></span>
              </label>`,
          )}
        </fieldset>
        <div class="settings">
          <div class="setting">
            <label for="targets">Words to compare</label>
            <input
              id="targets"
              type="text"
              autocomplete="off"
              autocapitalize="off"
              placeholder="for example: he, she, they"
              .value=${targets}
              ?disabled=${joint !== 'independent'}
              aria-invalid=${this.problemAt('targets') ? 'true' : 'false'}
              aria-describedby="targets-about targets-problem"
              @input=${(event: Event) => this.change({ targets: (event.target as HTMLInputElement).value })}
            />
            <p class="small muted" id="targets-about">
              Shows these words only, with the same absolute probabilities; masks filled independently.
            </p>
            ${this.renderProblem('targets')}
          </div>
          ${numberSetting({
            id: 'top_k',
            label: 'Candidates',
            about: 'How many words each table shows.',
            value: top_k,
            min: 1,
            max: 50,
            step: 1,
            problem: this.refused['top_k'],
            change: (value) => this.change({ top_k: value! }),
            refuse: (why) => this.refuse('top_k', why),
          })}
        </div>
      </div>
    </details>`;
  }

  #settingsInWords(): string {
    const { joint, targets, top_k } = this.current;
    const order = ORDERS.find(([value]) => value === joint)![1].toLowerCase();
    const compared = words(targets);
    return `masks ${order}, ${joint === 'independent' && compared.length ? compared.join(' / ') : count(top_k, 'candidate')}`;
  }

  #renderWords(): TemplateResult | typeof nothing {
    const { text, hidden } = this.#masked;
    if (text.trim() === '') return nothing;
    const all = pieces(text);
    const shown = all.slice(0, MOST_WORDS * 2);
    let stop = 0;
    return html`<div class="field">
      <span class="label" id="words-label">Click a word to mask it</span>
      <div
        class="words"
        role="group"
        aria-labelledby="words-label"
        @keydown=${this.#onWordKey}
        @focusin=${this.#onWordFocus}
      >
        ${shown.map((piece) =>
          piece.kind === 'gap' ? piece.text : this.#renderWord(piece, hidden, stop++ === this.#wordStop),
        )}${all.length > shown.length ? ' …' : nothing}
      </div>
    </div>`;
  }

  #renderWord(piece: Piece, hidden: Hidden, tabStop: boolean): TemplateResult {
    const masked = piece.kind === 'mask';
    const original = masked ? (hidden[piece.mask!] ?? null) : null;
    const name = masked
      ? original === null
        ? `mask ${piece.mask! + 1}, select it in the text`
        : `mask ${piece.mask! + 1}, hides “${original}”`
      : nothing;
    return html`<button
      type="button"
      tabindex=${tabStop ? '0' : '-1'}
      aria-pressed=${masked ? 'true' : 'false'}
      aria-label=${name}
      title=${original === null ? nothing : `Hides “${original}”: click to put it back`}
      @click=${() => this.#toggle(piece)}
    >
      ${piece.text}
    </button>`;
  }

  /** Which word button is the row's tab stop. */
  #wordStop = 0;

  get #wordButtons(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.words button')];
  }

  readonly #onWordKey = (event: KeyboardEvent): void => void rove(event, this.#wordButtons);

  readonly #onWordFocus = (event: FocusEvent): void => {
    const index = this.#wordButtons.indexOf(event.target as HTMLElement);
    if (index < 0 || index === this.#wordStop) return;
    this.#wordStop = index;
    this.requestUpdate();
  };

  #toggle(piece: Piece): void {
    const toggled = toggle(this.#masked, piece);
    if (!toggled) {
      // A typed mask hides nothing we know: show where it is, so that a word can be typed over it.
      const box = this.renderRoot.querySelector<HTMLTextAreaElement>('#text');
      box?.focus();
      box?.setSelectionRange(piece.start, piece.end);
      return;
    }
    this.change({ text: toggled.text });
    this.#hidden = toggled.hidden;
  }

  protected renderResults(): TemplateResult {
    const { result } = this;
    if (!result) {
      return html`<div class="empty">
        <p>The words that BERT expects will stand here, with their probabilities.</p>
        <p>Choose an example, or mask a word of your own sentence and press Predict.</p>
      </div>`;
    }
    const stale = result.text !== this.current.text;
    return html`<div class="field">
        <p class="sentence" id="filled">
          ${this.#parts(result).map((part) =>
            part.mask === undefined ? part.text : html`<mark class=${part.filled ? '' : 'open'}>${part.text}</mark>`,
          )}
        </p>
        <p class="small muted">
          ${stale ? 'This is the answer to the text before your last change. ' : ''}Choose a word in a table to put it
          into the sentence.
        </p>
      </div>
      <div class="masks">${result.masks.map((table, mask) => this.#renderMask(table, mask, result))}</div>
      ${result.joint ? this.#renderSteps(result.joint) : this.#renderFilled(result)}
      <details>
        <summary>${count(result.tokens.length, 'token')} <span class="muted">as BERT reads the text</span></summary>
        <div class="inside">
          <p class="small muted">
            Each token with its number in the vocabulary.
            <cloze-help term="a token" .paper=${papers.wordpiece}>
              BERT knows about 30,000 pieces of words; rare words are put together from several, and ## marks a piece
              that continues a word. [CLS] and [SEP] are added at the beginning and the end.
            </cloze-help>
          </p>
          ${tokenChips(result.tokens)}
        </div>
      </details>`;
  }

  #renderMask(table: MaskTable, mask: number, result: FillMaskResult): TemplateResult {
    const chosen = this.#chosen[mask] ?? 0;
    const which = result.masks.length > 1 ? `Mask ${mask + 1}` : 'The mask';
    return barTable({
      caption: html`${which}${table.step ? html`<span class="muted small">, filled at step ${table.step}</span>` : nothing}`,
      of: 'Word',
      rows: table.candidates.map(({ token_str, score }, index) => ({
        label: token_str,
        score,
        chosen: index === chosen,
      })),
      choose: (index) => {
        this.#chosen = result.masks.map((_, other) => (other === mask ? index : (this.#chosen[other] ?? 0)));
        this.requestUpdate();
        this.announce(
          `In the sentence: “${table.candidates[index]!.token_str}”, ${percent(table.candidates[index]!.score)}.`,
        );
      },
    });
  }

  #renderSteps({ steps, score }: JointFillOutput): TemplateResult {
    return html`<div class="field">
      <h4>Step by step</h4>
      <ol class="steps">
        ${steps.map(
          (step) =>
            html`<li>
              mask ${step.mask + 1} is <span class="token">${step.token_str}</span> (${percent(step.score)})<br /><span
                class="muted"
                >${step.sequence}</span
              >
            </li>`,
        )}
      </ol>
      <p class="small muted">All together ${percent(score)}: the product of the steps.</p>
    </div>`;
  }

  #renderFilled(result: FillMaskResult): TemplateResult {
    const best = bestCombinations(
      result.masks.map(({ candidates }) => candidates),
      Math.min(5, this.current.top_k),
    );
    return html`<div class="field">
      <h4>Filled sentences</h4>
      <ol class="filled">
        ${best.map(
          ({ words: fills, score }) =>
            html`<li>
              ${fill(result.text, fills, result.takesBlanks)
                .map((part) => part.text)
                .join('')} <span class="muted">${percent(score)}</span>
            </li>`,
        )}
      </ol>
      ${
        result.masks.length > 1
          ? html`<p class="small muted">
              Ranked as if the masks did not depend on one another; joint filling in the settings lets them.
            </p>`
          : nothing
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloze-fill-mask': ClozeFillMask;
  }
}
