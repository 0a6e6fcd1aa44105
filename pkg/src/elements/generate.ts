/** `<cloze-generate>`: GPT-2 continues a text, one token after the other. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { pipeline, type Alternative, type GeneratedToken, type PipelineOptions, type TextGenerationOutput, type TextGenerationPipeline } from '../index.js';
import type { Example, Problem } from './base.js';
import { papers } from './papers.js';
import { numberSetting } from './parts.js';
import { lines, type Schema } from './state.js';
import { WritingElement } from './writing.js';

/** What is typed and set on the Generate screen. */
export interface GenerateState {
  prompt: string;
  /** Generated text that is kept: the model continues after prompt and kept text. */
  kept: string;
  max_new_tokens: number;
  /** Sampling; false takes the likeliest token every time. */
  do_sample: boolean;
  temperature: number;
  top_k: number;
  top_p: number;
  min_p: number;
  repetition_penalty: number;
  /** No so many tokens in a row come twice; 0 allows all. */
  no_repeat_ngram_size: number;
  /** null: a new one each time. */
  seed: number | null;
  /** One stop string per line; `\n` stands for a line break. */
  stop: string;
}

/** A result of the Generate screen: the pipeline's. */
export type GenerateResult = TextGenerationOutput;

/** Continues a text. */
export class ClozeGenerate extends WritingElement<GenerateState, TextGenerationPipeline, GenerateResult> {
  static override styles = [
    ...WritingElement.styles,
    css`
      textarea.stops {
        font-family: var(--cloze-mono);
        font-size: 0.9375rem;
      }
    `,
  ];

  protected readonly task = 'generate';
  protected readonly verb = 'Generate';
  protected readonly doing = 'Reading the prompt.';
  protected readonly schema: Schema = {
    prompt: { kind: 'text', default: '' },
    kept: { kind: 'text', default: '' },
    max_new_tokens: { kind: 'number', default: 120, min: 1, max: 1024, whole: true },
    do_sample: { kind: 'flag', default: true },
    temperature: { kind: 'number', default: 0.8, min: 0.05, max: 3 },
    top_k: { kind: 'number', default: 40, min: 0, max: 1000, whole: true },
    top_p: { kind: 'number', default: 0.95, min: 0.05, max: 1 },
    min_p: { kind: 'number', default: 0, min: 0, max: 1 },
    repetition_penalty: { kind: 'number', default: 1.2, min: 0.5, max: 2 },
    // Whole phrases come again in good texts; so many tokens in a row are the beginning of a loop.
    no_repeat_ngram_size: { kind: 'number', default: 5, min: 0, max: 20, whole: true },
    seed: { kind: 'seed', default: null },
    stop: { kind: 'text', default: '' },
  };
  protected readonly examples: readonly Example<GenerateState>[] = [
    { name: 'Once upon a time', state: { prompt: 'Once upon a time there was a little girl who', seed: 7 } },
    { name: 'A storm at sea', state: { prompt: 'The wind rose, and the captain', seed: 11 } },
    { name: 'A conversation', state: { prompt: '"Where have you been?" said the old woman. "', seed: 3 } },
    { name: 'A greedy loop', state: { prompt: 'The king and the queen', do_sample: false, repetition_penalty: 1, no_repeat_ngram_size: 0, max_new_tokens: 60 } },
  ];

  /** Tokens of the earlier run that are kept, while they are still shown. */
  #kept: GeneratedToken[] = [];

  protected override open(options: PipelineOptions): Promise<TextGenerationPipeline> {
    return pipeline('text-generation', this.model, options);
  }

  protected override get draws(): boolean {
    return this.current.do_sample;
  }

  protected check(): Problem | undefined {
    if (this.current.prompt.trim() !== '') return undefined;
    return { at: 'prompt', code: 'empty_input', message: 'Type how the text begins, or choose an example above.' };
  }

  protected placeOf(code: string): string {
    return ['empty_input', 'input_too_long'].includes(code) ? 'prompt' : 'run';
  }

  protected override stateChanged(before: GenerateState): void {
    super.stateChanged(before);
    // Another beginning: what followed the old one does not follow this one.
    if (before.prompt !== this.current.prompt && before.kept === this.current.kept && this.current.kept !== '') this.#forgetKept();
  }

  #forgetKept(): void {
    this.#kept = [];
    this.change({ kept: '' });
  }

  protected async perform(pipe: TextGenerationPipeline, signal: AbortSignal): Promise<GenerateResult> {
    const { prompt, kept, stop, seed, ...options } = this.current;
    const known = this.#kept.map((token) => token.text).join('');
    const shown = kept.endsWith(known) ? this.#kept : [];
    this.beginWriting(prompt + (shown.length > 0 ? kept.slice(0, kept.length - known.length) : kept), shown);
    await this.updateComplete;
    const [result] = await pipe(prompt + kept, {
      ...options,
      ...(seed === null ? {} : { seed }),
      ...(stop ? { stop: lines(stop) } : {}),
      on_token: this.onToken,
      on_prefill: this.onPrefill,
      signal,
      replace: true,
    });
    this.endWriting(result!);
    return result!;
  }

  override run(): Promise<GenerateResult | undefined> {
    // The button starts from the prompt; only `continueFrom` and links keep generated text.
    if (!this.#continuing && this.begun && this.current.kept) this.#forgetKept();
    return super.run();
  }

  #continuing = false;

  protected override continueFrom(index: number, alternative: Alternative): void {
    const stream = this.stream!;
    const replaced = stream.tokens[index]!;
    this.#kept = [...stream.tokens.slice(0, index), { ...replaced, ...alternative, text: alternative.token }];
    const kept = this.#looseBeginning() + this.#kept.map((token) => token.text).join('');
    this.change({ kept });
    this.#continuing = true;
    void this.run().finally(() => {
      this.#continuing = false;
    });
    // The chosen button goes with the old tokens: keep the keyboard's place.
    void this.updateComplete.then(() => this.focusControl('stop'));
  }

  /** Kept text that came by link, so that its tokens are not known. */
  #looseBeginning(): string {
    const { prompt } = this.current;
    const shown = this.stream?.promptText ?? '';
    return shown.startsWith(prompt) ? shown.slice(prompt.length) : '';
  }

  protected copyable(): string | undefined {
    return this.finishedText ? (this.stream?.promptText ?? '') + this.finishedText : undefined;
  }

  protected renderAbout(): TemplateResult {
    return html`<h2>Generate</h2>
      <p>
        GPT-2 reads from left to right and gives every token of its vocabulary a probability of coming next. One of them is drawn and added to the text,
        and so on, token by token.
        <cloze-help term="a language model that reads left to right" .paper=${papers.gpt2}>
          GPT-2 learned by guessing the next token of a great many texts, never seeing what comes after. Writing is nothing but this guess, made again and
          again.
        </cloze-help>
      </p>
      <p class="small muted">
        The model that comes with this page is small (14 million parameters, a ninth of the smallest GPT-2) and has read old story books: it writes in
        their manner, but soon loses the thread.
      </p>`;
  }

  protected renderInput(): TemplateResult {
    const { prompt } = this.current;
    return this.renderTextBox({
      id: 'prompt',
      label: 'Prompt',
      rows: 4,
      placeholder: 'How does the text begin?',
      value: prompt,
      change: (text) => this.change({ prompt: text, ...this.withoutExampleSeed('prompt') }),
    });
  }

  protected override renderSettings(): TemplateResult {
    return html`<details>
        <summary>Settings <span class="muted">${this.#settingsInWords()}</span></summary>
        <div class="inside">
          <fieldset class="field">
            <legend>How the next token is taken</legend>
            <div class="choices">
              <label class="choice">
                <input type="radio" name="sampling" .checked=${this.current.do_sample} @change=${() => this.change({ do_sample: true })} />
                Sampling <span class="small muted">drawn by chance</span>
              </label>
              <label class="choice">
                <input type="radio" name="sampling" .checked=${!this.current.do_sample} @change=${() => this.change({ do_sample: false })} />
                Greedy <span class="small muted">always the likeliest</span>
              </label>
            </div>
          </fieldset>
          <div class="settings">${this.#renderSettings()}</div>
        </div>
      </details>`;
  }

  #settingsInWords(): string {
    const { do_sample, temperature, max_new_tokens, seed } = this.current;
    return `${do_sample ? `sampling at ${temperature}` : 'greedy'}, ${max_new_tokens} tokens${do_sample && seed !== null ? `, seed ${seed}` : ''}`;
  }

  #renderSettings(): TemplateResult {
    const greedy = !this.current.do_sample;
    return html`${this.#number('max_new_tokens', 'Length', 'At most so many tokens are written; a word is one or a few.', 1)}
    ${this.#number('temperature', 'Temperature', 'Below 1 the likely becomes likelier, above 1 the text grows wilder.', 0.05, greedy)}
    ${this.#number(
      'top_k',
      'Top-k',
      html`Only the k likeliest tokens are drawn from; 0 is off.
        <cloze-help term="top-k sampling" .paper=${papers.topK}>
          Each token of the long tail is unlikely, but together they come up often and derail a text. Top-k cuts the tail off at a fixed number of tokens.
        </cloze-help>`,
      1,
      greedy,
    )}
    ${this.#number(
      'top_p',
      'Top-p',
      html`Only the likeliest tokens that together reach p; 1 is off.
        <cloze-help term="top-p sampling" .paper=${papers.nucleus}>
          Also called nucleus sampling: few tokens are left where the model is sure, many where it is not. A fixed number of tokens cannot do both.
        </cloze-help>`,
      0.05,
      greedy,
    )}
    ${this.#number(
      'min_p',
      'Min-p',
      html`Only tokens with at least this share of the likeliest one’s probability; 0 is off.
        <cloze-help term="min-p sampling" .paper=${papers.minP}>
          The limit moves with the likeliest token: high where the model is sure, low where it is not. It stays sensible at high temperatures.
        </cloze-help>`,
      0.05,
      greedy,
    )}
    ${this.#number(
      'repetition_penalty',
      'Repetition penalty',
      html`Above 1, tokens already in the text become less likely; 1 is off.
        <cloze-help term="the repetition penalty" .paper=${papers.repetition}>
          Small models fall into loops, as a repeated phrase makes its own repetition likelier. Dividing the scores of tokens already used breaks the loop.
        </cloze-help>`,
      0.05,
    )}
    ${this.#number('no_repeat_ngram_size', 'No phrase twice, in tokens', 'So many tokens in a row never come twice, those of the prompt included; 0 allows all.', 1)}
    ${this.renderSeed(greedy)}
      <div class="setting wide">
        <label for="stop-strings">Stop strings</label>
        <textarea
          id="stop-strings"
          class="stops"
          rows="2"
          spellcheck="false"
          .value=${this.current.stop}
          aria-describedby="stop-strings-about"
          @input=${(event: Event) => this.change({ stop: (event.target as HTMLTextAreaElement).value })}
        ></textarea>
        <p class="small muted" id="stop-strings-about">Writing ends before any of these; one per line, <span class="token">\\n</span> is a line break.</p>
      </div>`;
  }

  #number(
    key: 'max_new_tokens' | 'temperature' | 'top_k' | 'top_p' | 'min_p' | 'repetition_penalty' | 'no_repeat_ngram_size',
    label: string,
    about: string | TemplateResult,
    step: number,
    disabled = false,
  ): TemplateResult {
    const field = this.schema[key] as { min: number; max: number };
    return numberSetting({
      id: key,
      label,
      about,
      value: this.current[key],
      min: field.min,
      max: field.max,
      step: step === 1 ? 1 : 'any',
      disabled,
      problem: this.refused[key],
      change: (value) => this.change({ [key]: value! }),
      refuse: (why) => this.refuse(key, why),
    });
  }

  protected renderResults(): TemplateResult {
    return html`${this.begun
      ? nothing
      : html`<div class="empty">
          <p>The text will be written here, token by token; each can be opened to see what else could have come.</p>
          <p>Choose an example, or type how a text begins and press Generate.</p>
        </div>`}
    ${this.renderStream('Generated tokens')}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloze-generate': ClozeGenerate;
  }
}
