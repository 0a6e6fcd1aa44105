/** `<cloze-generate>`: a text is continued, one token after the other; with a model made for it, a conversation. */
import { css, html, nothing, type TemplateResult } from 'lit';
import {
  architectureName,
  pipeline,
  type Alternative,
  type ChatOutput,
  type GeneratedToken,
  type PipelineOptions,
  type TextGenerationOptions,
  type TextGenerationOutput,
  type TextGenerationPipeline,
} from '../index.js';
import type { Example, Problem } from './base.js';
import { asText, conversationStyles, joined, settle, turn, turnsOf, type Settled } from './conversation.js';
import { papers } from './papers.js';
import { numberSetting } from './parts.js';
import { lines, type Schema } from './state.js';
import { WritingElement } from './writing.js';

/** What is typed and set on the Generate screen. */
export interface GenerateState {
  /** What is done with a model that comes with a chat template; others continue texts. */
  mode: 'chat' | 'text';
  /** The message that is being typed. */
  message: string;
  /** The conversation so far, in turn: the user's message, the model's answer, ... */
  said: string[];
  /** What the model is told before the conversation; empty leaves it to the model's template. */
  system: string;
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
export type GenerateResult = TextGenerationOutput | ChatOutput;

/** Settings under which stories are told, and those for answers, which may well repeat a phrase. */
const TEXT = { max_new_tokens: 120, temperature: 0.8, top_p: 0.95, repetition_penalty: 1.2, no_repeat_ngram_size: 5 };
const CHAT: typeof TEXT = {
  max_new_tokens: 400,
  temperature: 0.2,
  top_p: 0.9,
  repetition_penalty: 1.1,
  no_repeat_ngram_size: 0,
};

/** Continues a text, or a conversation. */
export class ClozeGenerate extends WritingElement<GenerateState, TextGenerationPipeline, GenerateResult> {
  static override styles = [
    ...WritingElement.styles,
    conversationStyles,
    css`
      textarea.stops {
        font-family: var(--cloze-mono);
        font-size: 0.9375rem;
      }
    `,
  ];

  protected readonly task = 'generate';
  /** Whether the mode was chosen, so that nothing else speaks for one. */
  #modeChosen = false;

  override get state(): GenerateState {
    return super.state;
  }
  override set state(given: Partial<GenerateState>) {
    // As by a link; null asks for the default.
    if ('mode' in given) this.#modeChosen = typeof given.mode === 'string';
    super.state = given;
  }

  /** A conversation is nobody else's business, nor is a text that is not on the screen. */
  override get shareState(): GenerateState {
    const state = super.shareState;
    return this.talks ? { ...state, said: [], prompt: '', kept: '' } : { ...state, message: '', system: '' };
  }

  protected override get linkContent(): string {
    return this.talks
      ? 'Whoever opens it sees this screen, with the message box, the system message and the settings; what was said is not in it.'
      : super.linkContent;
  }

  protected get verb(): string {
    return this.talks ? 'Send' : 'Generate';
  }
  protected get doing(): string {
    return this.talks ? 'Reading the conversation.' : 'Reading the prompt.';
  }
  protected readonly schema: Schema = {
    mode: { kind: 'choice', default: 'chat', of: ['chat', 'text'] },
    message: { kind: 'text', default: '' },
    // What was said is not for whoever is sent a link.
    said: { kind: 'list', default: [], most: 200, unshared: true },
    system: { kind: 'text', default: '' },
    prompt: { kind: 'text', default: '' },
    kept: { kind: 'text', default: '' },
    max_new_tokens: { kind: 'number', default: TEXT.max_new_tokens, min: 1, max: 1024, whole: true },
    do_sample: { kind: 'flag', default: true },
    temperature: { kind: 'number', default: TEXT.temperature, min: 0.05, max: 3 },
    top_k: { kind: 'number', default: 40, min: 0, max: 1000, whole: true },
    top_p: { kind: 'number', default: TEXT.top_p, min: 0.05, max: 1 },
    min_p: { kind: 'number', default: 0, min: 0, max: 1 },
    repetition_penalty: { kind: 'number', default: TEXT.repetition_penalty, min: 0.5, max: 2 },
    // Whole phrases come again in good texts; so many tokens in a row are the beginning of a loop.
    no_repeat_ngram_size: { kind: 'number', default: TEXT.no_repeat_ngram_size, min: 0, max: 20, whole: true },
    seed: { kind: 'seed', default: null },
    stop: { kind: 'text', default: '' },
  };
  protected get examples(): readonly Example<GenerateState>[] {
    return this.talks ? this.#questions : this.#beginnings;
  }

  readonly #beginnings: readonly Example<GenerateState>[] = [
    { name: 'Once upon a time', state: { prompt: 'Once upon a time there was a little girl who', seed: 7 } },
    { name: 'A storm at sea', state: { prompt: 'The wind rose, and the captain', seed: 11 } },
    { name: 'A conversation', state: { prompt: '"Where have you been?" said the old woman. "', seed: 3 } },
    {
      name: 'A greedy loop',
      state: {
        prompt: 'The king and the queen',
        do_sample: false,
        repetition_penalty: 1,
        no_repeat_ngram_size: 0,
        max_new_tokens: 60,
      },
    },
  ];
  readonly #questions: readonly Example<GenerateState>[] = [
    { name: 'Why is the sky blue?', state: { ...CHAT, message: 'Why is the sky blue?' } },
    {
      name: 'A letter',
      state: { ...CHAT, message: 'Write a short letter to a neighbour, thanking her for watering my plants.' },
    },
    { name: 'Names for a cat', state: { ...CHAT, message: 'Give me five names for a grey cat.' } },
  ];

  /** Tokens of the earlier run that are kept, while they are still shown. */
  #kept: GeneratedToken[] = [];

  protected override open(options: PipelineOptions): Promise<TextGenerationPipeline> {
    return pipeline('text-generation', this.model, options);
  }

  /** Whether the model and the person talk. */
  protected get talks(): boolean {
    return this.pipe?.info.has_chat_template === true && this.current.mode === 'chat';
  }

  protected override opened(): void {
    // A text was begun before it was known that the model talks: that goes on. An example is nobody's text.
    const { prompt, message, said } = this.current;
    const own = prompt.trim() !== '' && !this.#beginnings.some(({ state }) => state.prompt === prompt);
    if (this.talks && !this.#modeChosen && own && message === '' && said.length === 0) this.change({ mode: 'text' });
    this.#suit();
  }

  /** Goes over to the settings that suit what is done, unless others were chosen. */
  #suit(): void {
    const [from, to] = this.talks ? [TEXT, CHAT] : [CHAT, TEXT];
    if (!Object.entries(from).every(([key, value]) => this.current[key as keyof typeof TEXT] === value)) return;
    // The seed of a story that was shown as an example would draw every answer alike.
    const { prompt, seed } = this.current;
    const shown = this.talks && this.#beginnings.some(({ state }) => state.prompt === prompt && state.seed === seed);
    this.change({ ...to, ...(shown ? { seed: null } : {}) });
  }

  protected override updated(): void {
    this.toggleAttribute('talking', this.talks);
  }

  protected override get canContinue(): boolean {
    return !this.talks;
  }

  protected override get draws(): boolean {
    return this.current.do_sample;
  }

  protected check(): Problem | undefined {
    if (this.talks) {
      if (this.current.message.trim() !== '') return undefined;
      return { at: 'message', code: 'empty_input', message: 'Type a message, or choose an example above.' };
    }
    if (this.current.prompt.trim() !== '') return undefined;
    return { at: 'prompt', code: 'empty_input', message: 'Type how the text begins, or choose an example above.' };
  }

  protected placeOf(code: string): string {
    return ['empty_input', 'input_too_long'].includes(code) ? (this.talks ? 'message' : 'prompt') : 'run';
  }

  protected override wording(code: string): string | undefined {
    if (code !== 'input_too_long' || !this.talks) return undefined;
    return 'The conversation has grown longer than the model can read. Begin a new chat, or shorten the message.';
  }

  protected override stateChanged(before: GenerateState): void {
    super.stateChanged(before);
    // Another beginning: what followed the old one does not follow this one.
    if (before.prompt !== this.current.prompt && before.kept === this.current.kept && this.current.kept !== '')
      this.#forgetKept();
  }

  #forgetKept(): void {
    this.#kept = [];
    this.change({ kept: '' });
  }

  protected async perform(pipe: TextGenerationPipeline, signal: AbortSignal): Promise<GenerateResult> {
    return this.talks ? this.#answer(pipe, signal) : this.#continue(pipe, signal);
  }

  /** What both ways of writing are asked with. */
  #options(signal: AbortSignal): TextGenerationOptions {
    const {
      stop,
      seed,
      do_sample,
      max_new_tokens,
      temperature,
      top_k,
      top_p,
      min_p,
      repetition_penalty,
      no_repeat_ngram_size,
    } = this.current;
    return {
      ...{ do_sample, max_new_tokens, temperature, top_k, top_p, min_p, repetition_penalty, no_repeat_ngram_size },
      ...(seed === null ? {} : { seed }),
      ...(stop ? { stop: lines(stop) } : {}),
      on_token: (token) => {
        this.onToken(token);
        this.#follow();
      },
      on_prefill: this.onPrefill,
      signal,
      replace: true,
    };
  }

  async #answer(pipe: TextGenerationPipeline, signal: AbortSignal): Promise<GenerateResult> {
    // The answer before this one may have been broken off by sending.
    const { said: before, unanswered } = this.#settled();
    const { message, system } = this.current;
    const said = [...before, joined(unanswered, message)];
    this.change({ said, message: '' });
    this.#asked = this.current.said;
    this.beginWriting('');
    await this.updateComplete;
    this.#follow();
    signal.throwIfAborted();
    const [result] = await pipe(turnsOf(said, system), this.#options(signal));
    signal.throwIfAborted();
    this.endWriting(result);
    if (this.current.said === this.#asked) this.change({ said: [...said, result.text] });
    return result;
  }

  /** The conversation with a broken off answer as it was left. */
  #settled(): Settled {
    const { said } = this.current;
    return settle(said, said === this.#asked ? this.soFar : '');
  }

  /** What the answer that is being written belongs to. */
  #asked: readonly string[] | undefined;

  /** Ends the turn: what was written stays as the answer; without any, the message goes back to its box. */
  #endTurn(): void {
    if (this.current.said.length % 2 === 0) return;
    const { said, unanswered } = this.#settled();
    this.change({ said: [...said], message: joined(unanswered, this.current.message) });
  }

  protected override interrupted(error: unknown): void {
    super.interrupted(error);
    // Another model, or another mode, may be there by now.
    this.#endTurn();
  }

  /** Keeps what is being written in view, where the conversation scrolls by itself. */
  #follow(): void {
    const log = this.renderRoot.querySelector('.log');
    if (log) log.scrollTop = log.scrollHeight;
  }

  protected override renderActions(): TemplateResult | typeof nothing {
    if (!this.talks) return nothing;
    return html`<button type="button" id="new-chat" ?disabled=${this.current.said.length === 0} @click=${this.#newChat}>
      New chat
    </button>`;
  }

  readonly #newChat = (): void => {
    this.stop();
    this.change({ said: [], message: '' });
    this.begun = false;
    this.finishedText = '';
    this.result = undefined;
    this.announce('A new conversation.');
    this.focusControl('message');
  };

  async #continue(pipe: TextGenerationPipeline, signal: AbortSignal): Promise<GenerateResult> {
    const { prompt, kept } = this.current;
    const known = this.#kept.map((token) => token.text).join('');
    const shown = kept.endsWith(known) ? this.#kept : [];
    this.beginWriting(prompt + (shown.length > 0 ? kept.slice(0, kept.length - known.length) : kept), shown);
    await this.updateComplete;
    const [result] = await pipe(prompt + kept, this.#options(signal));
    this.endWriting(result);
    return result;
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
    if (this.talks) return this.current.said.length > 0 ? asText(this.current.said) : undefined;
    return this.finishedText ? (this.stream?.promptText ?? '') + this.finishedText : undefined;
  }

  protected renderAbout(): TemplateResult {
    const { info } = this.pipe ?? {};
    const own = this.model === undefined || this.model === null;
    return html`<h2>Generate</h2>
      <p>
        ${own ? 'GPT-2' : info ? architectureName(info.model_type) : 'A language model'} reads from left to right and
        gives every token of its vocabulary a probability of coming next. One of them is drawn and added to the text,
        and so on, token by token.
        <cloze-help term="a language model that reads left to right" .paper=${papers.gpt2}>
          Such a model learned by guessing the next token of a great many texts, never seeing what comes after. Writing
          is nothing but this guess, made again and again.
        </cloze-help>
      </p>
      ${
        info?.has_chat_template
          ? html`<p>
              This one was trained further on conversations. What was said goes into one text, with marks for who
              speaks; the answer is what the model writes on from there.
            </p>`
          : nothing
      }
      ${own ? this.#renderOwn() : nothing}`;
  }

  #renderOwn(): TemplateResult {
    return html`<p class="small muted">
      The model that comes with this page is small (14 million parameters, a ninth of the smallest GPT-2) and has read
      old story books: it writes in their manner, but soon loses the thread.
    </p>`;
  }

  protected renderInput(): TemplateResult {
    return html`${this.pipe?.info.has_chat_template ? this.#renderMode() : nothing}
    ${this.talks ? this.#renderMessage() : this.#renderPrompt()}`;
  }

  #renderMode(): TemplateResult {
    const choice = (mode: GenerateState['mode'], name: string): TemplateResult =>
      html`<label class="choice">
        <input type="radio" name="mode" .checked=${this.current.mode === mode} @change=${() => this.#switch(mode)} />
        ${name}
      </label>`;
    return html`<fieldset class="field">
      <legend>What to do</legend>
      <div class="choices">${choice('chat', 'Chat')} ${choice('text', 'Continue a text')}</div>
    </fieldset>`;
  }

  #switch(mode: GenerateState['mode']): void {
    this.stop();
    this.#endTurn();
    this.begun = false;
    this.finishedText = '';
    this.result = undefined;
    this.#modeChosen = true;
    this.change({ mode });
    this.#suit();
  }

  #renderMessage(): TemplateResult {
    return this.renderTextBox({
      id: 'message',
      label: 'Message',
      rows: 3,
      placeholder: this.current.said.length > 0 ? 'Answer, or ask further.' : 'Ask something.',
      value: this.current.message,
      change: (message) => this.change({ message }),
    });
  }

  #renderPrompt(): TemplateResult {
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
              <input
                type="radio"
                name="sampling"
                .checked=${this.current.do_sample}
                @change=${() => this.change({ do_sample: true })}
              />
              Sampling <span class="small muted">drawn by chance</span>
            </label>
            <label class="choice">
              <input
                type="radio"
                name="sampling"
                .checked=${!this.current.do_sample}
                @change=${() => this.change({ do_sample: false })}
              />
              Greedy <span class="small muted">always the likeliest</span>
            </label>
          </div>
        </fieldset>
        ${this.talks ? this.#renderSystem() : nothing}
        <div class="settings">${this.#renderSettings()}</div>
      </div>
    </details>`;
  }

  #renderSystem(): TemplateResult {
    return html`<div class="field">
      <label for="system">System message</label>
      <textarea
        id="system"
        rows="2"
        .value=${this.current.system}
        aria-describedby="system-about"
        @input=${(event: Event) => this.change({ system: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
      <p class="small muted" id="system-about">
        What the model is told before the conversation; empty, its own template says something.
      </p>
    </div>`;
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
            Each token of the long tail is unlikely, but together they come up often and derail a text. Top-k cuts the
            tail off at a fixed number of tokens.
          </cloze-help>`,
        1,
        greedy,
      )}
      ${this.#number(
        'top_p',
        'Top-p',
        html`Only the likeliest tokens that together reach p; 1 is off.
          <cloze-help term="top-p sampling" .paper=${papers.nucleus}>
            Also called nucleus sampling: few tokens are left where the model is sure, many where it is not. A fixed
            number of tokens cannot do both.
          </cloze-help>`,
        0.05,
        greedy,
      )}
      ${this.#number(
        'min_p',
        'Min-p',
        html`Only tokens with at least this share of the likeliest one’s probability; 0 is off.
          <cloze-help term="min-p sampling" .paper=${papers.minP}>
            The limit moves with the likeliest token: high where the model is sure, low where it is not. It stays
            sensible at high temperatures.
          </cloze-help>`,
        0.05,
        greedy,
      )}
      ${this.#number(
        'repetition_penalty',
        'Repetition penalty',
        html`Above 1, tokens already in the text become less likely; 1 is off.
          <cloze-help term="the repetition penalty" .paper=${papers.repetition}>
            Small models fall into loops, as a repeated phrase makes its own repetition likelier. Dividing the scores of
            tokens already used breaks the loop.
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
        <p class="small muted" id="stop-strings-about">
          Writing ends before any of these; one per line, <span class="token">\\n</span> is a line break.
        </p>
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
    if (this.talks) return this.#renderConversation();
    return html`${
      this.begun
        ? nothing
        : html`<div class="empty">
            <p>The text will be written here, token by token; each can be opened to see what else could have come.</p>
            <p>Choose an example, or type how a text begins and press Generate.</p>
          </div>`
    }
    ${this.renderStream('Generated tokens')}`;
  }

  #renderConversation(): TemplateResult {
    const { said } = this.current;
    // The last answer is shown as the tokens that it was written in, if it was written here.
    const written = this.begun && (said.length % 2 === 1 || said.at(-1) === this.finishedText);
    const turns = turnsOf(said.length % 2 === 0 && written ? said.slice(0, -1) : said);
    return html`${
        said.length === 0
          ? html`<div class="empty">
              <p>The conversation will stand here. It stays on this device, as all of this page does.</p>
              <p>Choose an example, or type a message and press Send.</p>
            </div>`
          : nothing
      }
      <div class="log" role="log" aria-label="Conversation" tabindex=${said.length > 0 ? '0' : nothing}>
        ${turns.map(({ role, content }) => turn(role, content))}
        <div class="turn assistant" ?hidden=${!written}>
          <p class="who">Model</p>
          ${this.renderStream('Generated tokens')}
        </div>
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloze-generate': ClozeGenerate;
  }
}
