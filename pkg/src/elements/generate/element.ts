/** `<cloze-generate>`: a text is continued, one token after the other; with a model made for it, a conversation. */
import { html, nothing, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import {
  architectureName,
  ClozeError,
  pipeline,
  type PipelineOptions,
  type TextGenerationPipeline,
} from '../../index.js';
import { words } from '../../words/index.js';
import { generateWords } from '../../words/screens/generate.js';
import { offerWords } from '../../words/screens/offer.js';
import { Later } from '../controllers/later.js';
import { ScreenController } from '../controllers/screen.js';
import type { Fact, ModelOffer } from '../controllers/screen-parts.js';
import { WritingController } from '../controllers/writing.js';
import { papers } from '../papers.js';
import { screenElement } from '../screen-element.js';
import { gptHue, screen } from '../styles/index.js';
import { writing } from '../styles/writing.js';
import { renderAnswer } from '../widgets/answer.js';
import { renderOffer } from '../widgets/offer.js';
import { help, modelFacts } from '../widgets/parts.js';
import type { ChatView } from './chat.js';
import { CHAT, generateSchema, mannerOf, TEXT, type GenerateState, type Manner } from './schema.js';
import { stopStyles } from './styles.js';
import { BEGINNINGS, leaving, TextView } from './text.js';
import type { GenerateResult, View } from './view.js';

const say = generateWords;

/**
 * Continues a text, or a conversation. Its events are those of {@link ScreenController}.
 *
 * @attr {string} prompt - what is continued
 * @attr {number} max-new-tokens - how much is written
 * @attr {boolean} do-sample - `false` takes the likeliest token every time
 * @attr {number} temperature - how freely tokens are drawn
 * @attr {number} top-k - of how many tokens one is drawn
 * @attr {number} top-p - of which share of the probability
 * @attr {number} seed - the same seed writes the same text
 * @attr {string} stop-strings - one per line: the text ends before them
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
export class ClozeGenerate extends screenElement<GenerateState, TextGenerationPipeline, GenerateResult>(
  generateSchema,
) {
  static override properties: PropertyDeclarations = { offer: { attribute: false } };
  static override styles: CSSResultGroup = [screen, gptHue, writing, stopStyles];

  /** A better model, which is fetched when the reader takes it. */
  declare offer: ModelOffer | undefined;

  /** The settings that were gone over to last: another view, or another model, may want others. */
  #suited: Manner = TEXT;

  /** Whether the mode was chosen, so that nothing else speaks for one. */
  #modeChosen = false;

  protected override readonly screen: ScreenController<GenerateState, TextGenerationPipeline, GenerateResult> =
    new ScreenController(
      this,
      { task: 'generate', schema: generateSchema },
      {
        examples: () => this.#view.examples,
        start: () => BEGINNINGS[0]!.state,
        withdrawn: (given) => this.#withdrawn(given),
        title: () => words.labels.generate,
        renderFirst: () => renderOffer(this, offerWords.forGenerate),
        verb: () => this.#view.verb,
        doing: () => this.#view.doing,
        open: (options) => this.#open(options),
        check: () => this.#view.check(),
        placeOf: (code) =>
          ['empty_input', 'input_too_long', 'token_beyond_model'].includes(code) ? this.#view.input : 'run',
        wording: (code) => this.#view.wording?.(code),
        perform: (pipe, signal) => this.#view.perform(pipe, signal),
        summary: (result) => this.#writing.summary(result),
        stoppedSummary: () => this.#writing.stoppedSummary(),
        copyable: () => this.#view.copyable(),
        shared: () => this.shareState,
        linkContent: () => this.#view.linkContent ?? words.frame.linkContent,
        beforeRun: () => this.#text.beforeRun(),
        opened: () => this.#opened(),
        interrupted: () => {
          this.#writing.interrupted();
          // Another model, or another mode, may be there by now.
          this.#chat?.endTurn();
        },
        changed: (before) => this.#text.changed(before),
        facts: () => this.#facts(),
        renderAbout: () => this.#renderAbout(),
        renderInput: () => html`${this.#chats ? this.#renderMode() : nothing} ${this.#view.renderInput()}`,
        renderActions: () => this.#view.renderActions?.(),
        renderSettings: () => this.#renderSettings(),
        renderResults: () => renderAnswer(this.screen, this.#typed, this.#view.renderResults()),
        streams: true,
      },
    );
  readonly #writing = new WritingController<GenerateResult>(this.screen, {
    draws: () => this.screen.current.do_sample,
    canContinue: () => this.#view.canContinue,
    continueFrom: (index, alternative) => this.#text.continueFrom(index, alternative),
  });
  readonly #text = new TextView({ screen: this.screen, writing: this.#writing });
  /** Fetched with the first model that talks. */
  #chat: ChatView | undefined;
  readonly #settings = new Later(this, () => import('./settings.js'));

  /** The state with what a run chose itself (the seed), so that it reproduces the result that is shown. */
  override get shareState(): GenerateState {
    const { state } = this;
    const drawn = state.do_sample ? this.screen.result?.seed : undefined;
    return this.#view.shared({ ...state, seed: state.seed ?? drawn ?? null });
  }

  /** Whether the model and the person talk: then nothing on the screen is to be run again by whoever opens a link. */
  get talks(): boolean {
    return this.#chats && this.screen.current.mode === 'chat';
  }

  protected override updated(): void {
    // For the styles: side by side, the message box stays where it is while a conversation grows.
    this.toggleAttribute('talking', this.talks);
  }

  /** Whether the model comes with a chat template. */
  get #chats(): boolean {
    return this.screen.pipe?.info.has_chat_template === true;
  }

  /** What the model is given to read. */
  get #typed(): string {
    const { current } = this.screen;
    return this.talks ? current.message : current.prompt;
  }

  get #view(): View {
    return (this.talks && this.#chat) || this.#text;
  }

  async #open(options: PipelineOptions): Promise<TextGenerationPipeline> {
    const pipe = await pipeline('text-generation', this.model, options);
    if (!pipe.info.has_chat_template || this.#chat) return pipe;
    try {
      const { ChatView, conversationStyles } = await import('./chat.js');
      const root = this.renderRoot as ShadowRoot;
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, conversationStyles.styleSheet!];
      this.#chat = new ChatView({ screen: this.screen, writing: this.#writing });
      return pipe;
    } catch (cause) {
      pipe.dispose();
      throw new ClozeError('network', words.insideTab.notFetched, {}, { cause });
    }
  }

  #withdrawn(given: Partial<GenerateState>): Partial<GenerateState> {
    // As by a link; null asks for the default.
    if ('mode' in given) this.#modeChosen = typeof given.mode === 'string';
    return 'prompt' in given ? leaving(this.screen.current) : {};
  }

  #opened(): void {
    // A text was begun before it was known that the model talks: that goes on. An example is nobody's text, unless it is
    // what the run that waits for the model was asked for.
    const { prompt, message, said } = this.screen.current;
    const example = BEGINNINGS.some(({ state }) => state.prompt === prompt);
    const own = prompt.trim() !== '' && (!example || this.screen.running);
    if (this.talks && !this.#modeChosen && own && message === '' && said.length === 0)
      this.screen.link.change({ mode: 'text' });
    this.#suit();
  }

  #switch(mode: GenerateState['mode']): void {
    this.stop();
    this.#chat?.endTurn();
    this.#writing.forget();
    this.#modeChosen = true;
    this.screen.link.change({ mode });
    this.#suit();
  }

  /** Goes over to the settings that suit the view, unless others were chosen. */
  #suit(): void {
    const { current, link } = this.screen;
    const other = this.talks ? this.#text.manner : mannerOf(CHAT, this.screen.pipe?.info.generation?.options);
    // What a story sets that was shown as an example would draw every answer alike.
    const left = { ...current, ...(this.talks ? leaving(current) : {}) };
    const isLeft = (manner: Manner): boolean =>
      Object.entries(manner).every(([key, value]) => left[key as keyof Manner] === value);
    if (!isLeft(this.#suited) && !isLeft(other)) return;
    this.#suited = this.#view.manner;
    link.change({ ...left, ...this.#suited });
  }

  #facts(): readonly Fact[] {
    const { answerer } = this.screen;
    const facts = this.#writing.facts();
    return answerer && facts.length > 0 ? [...facts, ...modelFacts(answerer.info, answerer.runtime)] : [];
  }

  #renderAbout(): TemplateResult {
    const { info } = this.screen.pipe ?? {};
    const own = this.model === undefined || this.model === null;
    const model = own ? say.ownModel : info ? architectureName(info.model_type) : say.someModel;
    return html`<p>${say.about(model)} ${help(say.help, papers.gpt2)}</p>
      ${this.#chats ? html`<p>${say.chats}</p>` : nothing}
      ${own ? html`<p class="small muted">${say.own}</p>` : nothing}`;
  }

  #renderSettings(): TemplateResult {
    const { link, pipe } = this.screen;
    const view = this.#view;
    const inside = this.#settings.part?.renderSettings(link, view.manner, pipe?.info, view.renderSettings?.());
    return html`<details>
      <summary>${words.frame.settings} <span class="muted">${inWords(link.current)}</span></summary>
      <div class="inside">${inside ?? nothing}</div>
    </details>`;
  }

  #renderMode(): TemplateResult {
    const choice = (mode: GenerateState['mode'], name: string): TemplateResult =>
      html`<label class="choice">
        <input
          type="radio"
          name="mode"
          .checked=${this.screen.current.mode === mode}
          @change=${() => this.#switch(mode)}
        />
        ${name}
      </label>`;
    return html`<fieldset class="field">
      <legend>${say.mode}</legend>
      <div class="choices">${choice('chat', say.chatMode)} ${choice('text', say.textMode)}</div>
    </fieldset>`;
  }
}

/** What is set, in a line. */
function inWords({ do_sample, temperature: heat, max_new_tokens: tokens, seed }: GenerateState): string {
  if (!do_sample) return say.settings.greedily(tokens);
  return seed === null ? say.settings.sampled(heat, tokens) : say.settings.sampledWithSeed(heat, tokens, seed);
}
