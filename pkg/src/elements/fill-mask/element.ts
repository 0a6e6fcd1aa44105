/** `<cloze-fill-mask>`: BERT reads the whole text at once and says what stood where `[MASK]` is. */
import { html, nothing, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import { pipeline, type FillMaskPipeline, type PipelineOptions } from '../../index.js';
import { words } from '../../words/index.js';
import { fillMaskWords } from '../../words/screens/fill-mask.js';
import { isFull } from '../appearance.js';
import type { Example } from '../controllers/beginning.js';
import { Later } from '../controllers/later.js';
import type { Problem } from '../controllers/problem.js';
import { ScreenController } from '../controllers/screen.js';
import type { Fact } from '../controllers/screen-parts.js';
import { examplesOf } from '../examples.js';
import { withoutExample } from '../told-examples.js';
import { bytesShown, count, milliseconds, percent } from '../format.js';
import { papers } from '../papers.js';
import { screenElement } from '../screen-element.js';
import { screen } from '../styles/index.js';
import { renderAnswer } from '../widgets/answer.js';
import { barTable, code, emptyState, help, readingFacts, textBox } from '../widgets/parts.js';
import { FormControl } from './form-control.js';
import { bestCombinations, countMasks, direction, fill, maskAfter, withMasks, type Fill } from './masking.js';
import { firstChoices, predict, type FillMaskResult, type MaskTable } from './result.js';
import { fillMaskSchema, type FillMaskState } from './schema.js';
import { renderSettings } from './settings.js';
import { styles } from './styles.js';
import { WordRow } from './word-row.js';

const say = fillMaskWords;

/** What stands for a mask on this screen, whatever the model calls it. */
const MASK = '[MASK]';

/** At most so many whole sentences are listed. */
const MOST_SENTENCES = 5;

const EXAMPLES = examplesOf<FillMaskState, 'fill-mask'>('fill-mask', say.examples);

/**
 * Predicts masked words; the word in the sentence is the value of a form. Its events are those of {@link ScreenController}.
 *
 * @attr {string} text - the text, with `[MASK]` where a word is wanted
 * @attr {number} top-k - how many candidates each table shows
 * @attr {string} joint - how several masks are filled: `independent`, `left-to-right` or `best-first`
 * @attr {string} targets - words to compare, with commas
 * @attr {string} name - under which a form sends the word
 * @attr {boolean} required - whether the form is sent only with a word
 * @attr {boolean} disabled - whether nothing can be typed, chosen or pressed
 * @slot heading - in the place of the heading
 * @slot about - in the place of the explanation
 * @slot empty - where the result will be
 * @slot footer - below all
 * @csspart base - all of it
 * @csspart input - a box for text
 * @csspart label - its label
 * @csspart button - the button that runs it
 * @csspart status - what is being done
 * @csspart results - where the result stands
 * @csspart bars - a table of probabilities
 * @csspart bar - a bar in it
 * @csspart problem - what went wrong
 */
export class ClozeFillMask extends screenElement<FillMaskState, FillMaskPipeline, FillMaskResult>(fillMaskSchema) {
  static override styles: CSSResultGroup = [screen, styles];
  static override properties: PropertyDeclarations = {
    name: { reflect: true },
    required: { type: Boolean, reflect: true },
    disabled: { type: Boolean, reflect: true },
  };
  static readonly formAssociated = true;

  declare name: string;
  declare required: boolean;
  declare disabled: boolean;

  readonly #words = new WordRow(this, (text) => this.screen.link.change({ text }));
  readonly #form: FormControl;
  /** Which candidate of each mask is in the sentence. */
  #chosen: number[] = [];
  /** The steps and the tokens: fetched once there is a result. */
  readonly #reading = new Later(this, () => import('./reading.js'));
  /** The examples of which the first stands on the screen until somebody types. */
  #offered = EXAMPLES;
  /** A model that is there, and examples that suit it better than the English ones. */
  #suited: { readonly model: unknown; readonly examples: readonly Example<FillMaskState>[] | undefined } | undefined;

  protected override readonly screen: ScreenController<FillMaskState, FillMaskPipeline, FillMaskResult> =
    new ScreenController(
      this,
      { task: 'fill-mask', schema: fillMaskSchema },
      {
        examples: () => this.#examples,
        withdrawn: (given) => ('text' in given ? this.#leaving : {}),
        title: () => words.labels['fill-mask'],
        verb: () => say.verb,
        doing: () => say.doing,
        open: (options) => this.#open(options),
        check: () => this.#check(),
        placeOf,
        perform: (pipe, signal) => this.#predict(pipe, signal),
        summary: (result) => this.#summary(result),
        copyable: () => this.#result && filledText(this.#result.text, this.#fills(this.#result)),
        beforeRun: () => this.#takeGaps(),
        changed: (before) => this.#words.carry(before.text, this.screen.current.text),
        facts: () => this.#facts(),
        renderAbout,
        renderInput: () => this.#renderInput(),
        renderActions: () => (isFull(this) ? undefined : this.#renderInsert()),
        renderSettings: () => renderSettings(this.screen.link, this.screen.problem.at('targets')),
        renderResults: () => renderAnswer(this.screen, this.screen.current.text, this.#renderResults()),
      },
    );

  get #result(): FillMaskResult | undefined {
    return this.screen.result;
  }

  /** What is offered: in the language that the model has read. */
  get #examples(): readonly Example<FillMaskState>[] {
    const { model, examples } = this.#suited ?? {};
    return examples && model === this.model ? examples : EXAMPLES;
  }

  /** What goes with the example's text. */
  get #leaving(): Partial<FillMaskState> {
    return withoutExample(this.screen.current, this.#examples, 'text', fillMaskSchema);
  }

  constructor() {
    super();
    this.name = '';
    this.required = false;
    this.disabled = false;
    this.#form = new FormControl(this);
    // A label's click comes from the element itself.
    this.addEventListener('click', (event) => {
      if (event.composedPath()[0] === this) this.focus();
    });
  }

  /** The word in the sentence, which is what a form sends; several stand there with commas, and are sent one by one. */
  get value(): string {
    return this.#form.value;
  }
  /** The form that it is in. */
  get form(): HTMLFormElement | null {
    return this.#form.internals.form;
  }
  /** The labels that name it. */
  get labels(): NodeList {
    return this.#form.internals.labels;
  }
  /** What the form has against its value. */
  get validity(): ValidityState {
    return this.#form.internals.validity;
  }
  /** That in words. */
  get validationMessage(): string {
    return this.#form.internals.validationMessage;
  }
  /** Whether the form asks. */
  get willValidate(): boolean {
    return this.#form.internals.willValidate;
  }
  /** Whether its value may be sent; it fires `invalid` otherwise. */
  checkValidity(): boolean {
    return this.#form.internals.checkValidity();
  }
  /** As `checkValidity`, and the reader is told. */
  reportValidity(): boolean {
    return this.#form.internals.reportValidity();
  }

  /** A label was pressed, or the page wants the focus there. */
  override focus(options?: FocusOptions): void {
    this.#box.focus(options);
  }

  /** For the browser: the form was reset. */
  formResetCallback(): void {
    this.#form.reset();
    this.screen.reset();
  }
  /** For the browser: the element, or a fieldset around it, was disabled or is no more. */
  formDisabledCallback(): void {
    this.requestUpdate();
  }
  /** For the browser: the page is shown again. */
  formStateRestoreCallback(kept: unknown): void {
    this.#form.restore(kept);
    this.requestUpdate();
  }

  protected override updated(): void {
    const result = this.screen.result;
    this.#form.update(result && this.#fills(result).flatMap((fill) => (fill ? [fill.text.trim()] : [])));
  }

  #type(text: string): void {
    this.screen.link.change({ text, ...this.#leaving });
  }

  /** Lines and other models' masks become masks, once the box is left or the text is run: not while they are typed. */
  #takeGaps(): void {
    const { text } = this.screen.current;
    const taken = withMasks(text);
    if (taken !== text) this.screen.link.change({ text: taken });
  }

  get #box(): HTMLTextAreaElement {
    return this.renderRoot.querySelector<HTMLTextAreaElement>('#text')!;
  }

  /** A text that is set anew loses the place of the cursor, which the button below the box asks for. */
  async #leave(): Promise<void> {
    const box = this.#box;
    const { selectionStart, selectionEnd, value } = box;
    this.#takeGaps();
    await this.updateComplete;
    const place = (at: number): number => withMasks(value.slice(0, at)).length;
    if (box.value !== value) box.setSelectionRange(place(selectionStart), place(selectionEnd));
  }

  /** Puts a mask in the place of what is selected. */
  readonly #insert = async (): Promise<void> => {
    const box = this.#box;
    const { selectionStart, selectionEnd, value } = box;
    const before = value.slice(0, selectionStart);
    const mask = maskAfter(before);
    this.#type(before + mask + value.slice(selectionEnd));
    await this.updateComplete;
    box.focus();
    box.setSelectionRange(selectionStart + mask.length, selectionStart + mask.length);
  };

  #check(): Problem | undefined {
    const { text } = this.screen.current;
    if (text.trim() === '') return { at: 'text', code: 'empty_input', message: say.noText };
    return countMasks(text) === 0 ? { at: 'text', code: 'no_mask', message: say.noMask } : undefined;
  }

  /** The pipeline, and the examples that suit it: before anybody hears of it, so that none is run that it answers wrongly. */
  async #open(options: PipelineOptions): Promise<FillMaskPipeline> {
    const { model } = this;
    const pipe = await pipeline('fill-mask', model, options);
    const suiting = this.screen.englishOnly ? undefined : import('./chinese.js').then((one) => one.examplesFor(pipe));
    // Without them the English ones stand.
    const examples = await suiting?.catch(() => undefined);
    this.#suited = { model, examples };
    const changed = this.#examples !== this.#offered;
    this.#offered = this.#examples;
    if (changed && this.screen.link.untouched) this.screen.link.begin();
    return pipe;
  }

  async #predict(pipe: FillMaskPipeline, signal: AbortSignal): Promise<FillMaskResult> {
    const result = await predict(pipe, this.screen.current, signal);
    this.#chosen = firstChoices(result);
    return result;
  }

  #summary({ masks, ms }: FillMaskResult): string {
    const first = masks.map(({ candidates }, mask) => {
      const one = candidates[this.#chosen[mask] ?? 0];
      return one ? say.wordWith(bytesShown(one.token_str), percent(one.score)) : '';
    });
    return say.predicted(count(masks.length, 'mask'), milliseconds(ms), first);
  }

  /** The words in the sentence. */
  #fills({ masks }: FillMaskResult): (Fill | undefined)[] {
    return masks.map(({ candidates }, mask) => candidates[this.#chosen[mask] ?? 0]);
  }

  #facts(): readonly Fact[] {
    const { result, answerer } = this.screen;
    if (!result || !answerer) return [];
    return readingFacts(answerer, result.ms, result.tokens.length);
  }

  #renderInput(): TemplateResult {
    const { link, problem } = this.screen;
    const { text } = link.current;
    const box = textBox({
      id: 'text',
      label: say.text,
      rows: 3,
      spellcheck: false,
      placeholder: say.placeholder,
      value: text,
      dir: direction(text),
      problem: problem.at('text'),
      change: (typed) => this.#type(typed),
      left: () => void this.#leave(),
    });
    return html`${box}
      ${
        isFull(this)
          ? html`<div class="row">
              ${this.#renderInsert()}<span class="small muted">${say.gaps(code('___'))}</span>
            </div>`
          : nothing
      }
      <div class="extra more">${this.#words.render(text)}</div>`;
  }

  #renderInsert(): TemplateResult {
    return html`<button type="button" id="insert" @click=${this.#insert}>${say.insert(code(MASK))}</button>`;
  }

  #renderResults(): TemplateResult {
    const result = this.#result;
    if (!result) return emptyState(say.empty);
    const stale = result.text !== this.screen.current.text;
    const sentence = fill(result.text, this.#fills(result)).map((part) =>
      part.mask === undefined
        ? part.text
        : html`<mark dir="auto" class=${part.filled ? '' : 'open'}>${bytesShown(part.text)}</mark>`,
    );
    return html`<div class="field">
        <p class="sentence" id="filled" dir=${direction(result.text)}>${sentence}</p>
        ${stale ? html`<p class="small muted">${say.stale}</p>` : nothing}
        <p class="small muted hint">${say.chooseAWord}</p>
      </div>
      <div class="masks">${result.masks.map((table, mask) => this.#renderMask(table, mask, result))}</div>
      <div class="extra more">
        ${result.joint ? nothing : this.#renderFilled(result)} ${this.#reading.part?.renderReading(result) ?? nothing}
      </div>`;
  }

  #renderMask({ candidates, step }: MaskTable, mask: number, result: FillMaskResult): TemplateResult {
    const chosen = this.#chosen[mask] ?? 0;
    const which = result.masks.length > 1 ? say.maskNumber(mask + 1) : say.theMask;
    return barTable({
      caption: html`${which}${step ? html`<span class="muted small">${say.filledAt(step)}</span>` : nothing}`,
      of: say.word,
      rows: candidates.map(({ token_str, score }, index) => ({ label: token_str, score, chosen: index === chosen })),
      choose: (index) => {
        this.#chosen = result.masks.map((_, other) => (other === mask ? index : (this.#chosen[other] ?? 0)));
        const { token_str, score } = candidates[index]!;
        this.screen.announce(say.inTheSentence(bytesShown(token_str), percent(score)));
      },
    });
  }

  #renderFilled(result: FillMaskResult): TemplateResult {
    const candidates = result.masks.map((table) => table.candidates);
    const best = bestCombinations(candidates, Math.min(MOST_SENTENCES, this.screen.current.top_k));
    return html`<div class="field">
      <h4>${say.filled}</h4>
      <ol class="filled">
        ${best.map(
          ({ fills, score }) =>
            html`<li>
              <bdi dir=${direction(result.text)}>${bytesShown(filledText(result.text, fills))}</bdi>
              <span class="muted">${percent(score)}</span>
            </li>`,
        )}
      </ol>
      ${result.masks.length > 1 ? html`<p class="small muted">${say.filledAbout}</p>` : nothing}
    </div>`;
  }
}

/** The sentence with a word in place of each mask. */
const filledText = (text: string, fills: readonly (Fill | undefined)[]): string =>
  fill(text, fills)
    .map((part) => part.text)
    .join('');

function placeOf(error: string): string {
  if (error === 'unknown_target') return 'targets';
  return ['empty_input', 'no_mask', 'input_too_long', 'token_beyond_model'].includes(error) ? 'text' : 'run';
}

const renderAbout = (): TemplateResult =>
  html`<p>${say.about(code)} ${help(say.help, papers.bert)}</p>
    <p class="small muted">${say.own}</p>`;
