/** A conversation with a model that comes with a chat template. */
import { html, nothing, type TemplateResult } from 'lit';
import type { TextGenerationPipeline } from '../../index.js';
import { generateWords } from '../../words/screens/generate.js';
import { writingWords } from '../../words/screens/writing.js';
import type { Problem } from '../controllers/problem.js';
import type { Example } from '../controllers/beginning.js';
import { examplesOf } from '../examples.js';
import { bytesShown } from '../format.js';
import { emptyState, textBox } from '../widgets/parts.js';
import { renderWritten } from '../widgets/written.js';
import { asText, joined, settle, turn, turnsOf, who, type Settled } from './conversation.js';
import { CHAT, mannerOf, type GenerateState, type Manner } from './schema.js';
import { optionsOf, type GenerateContext, type GenerateResult, type View } from './view.js';

export { conversationStyles } from './conversation-styles.js';

const say = generateWords.chat;

const QUESTIONS = examplesOf<GenerateState, 'chat'>('chat', say.examples);

/** The view of a conversation. */
export class ChatView implements View {
  get verb(): string {
    return say.verb;
  }
  get doing(): string {
    return say.doing;
  }
  readonly canContinue = false;
  readonly input = 'message';
  get linkContent(): string {
    return say.linkContent;
  }

  /** What the answer that is being written belongs to. */
  #asked: readonly string[] | undefined;
  /** The answer that is continued: the beginning of what is being written, or was written last. */
  #beginning = '';
  /** Whether the next run goes on with the last answer. */
  #goesOn = false;

  /** The model of each answer, by its place in the conversation. */
  readonly #writers: string[] = [];

  constructor(private readonly context: GenerateContext) {}

  get manner(): Manner {
    return mannerOf(CHAT, this.context.screen.pipe?.info.generation?.options);
  }

  get examples(): readonly Example<GenerateState>[] {
    return QUESTIONS.map(({ name, state }) => ({ name, state: { ...this.manner, ...state } }));
  }

  get #state(): GenerateState {
    return this.context.screen.current;
  }

  check(): Problem | undefined {
    if (this.#goesOn || this.#state.message.trim() !== '') return undefined;
    return { at: 'message', code: 'empty_input', message: say.noMessage };
  }

  wording(code: string): string | undefined {
    return code === 'input_too_long' ? say.tooLong : undefined;
  }

  async perform(pipe: TextGenerationPipeline, signal: AbortSignal): Promise<GenerateResult> {
    const { screen, writing } = this.context;
    // The answer before this one may have been broken off by sending.
    const { said: before, unanswered } = this.#settled();
    const { message, system } = this.#state;
    const goesOn = this.#goesOn && unanswered === undefined && before.length > 0;
    this.#goesOn = false;
    const said = goesOn ? [...before] : [...before, joined(unanswered, message)];
    screen.link.change(goesOn ? { said } : { said, message: '' });
    this.#asked = this.#state.said;
    this.#beginning = goesOn ? before.at(-1)! : '';
    writing.begin(bytesShown(this.#beginning));
    await screen.host.updateComplete;
    this.#follow();
    signal.throwIfAborted();
    this.#writers[this.#state.said.length] = screen.modelName;
    const { onToken, onPrefill } = writing;
    const following: typeof onToken = (token) => {
      onToken(token);
      this.#follow();
    };
    const options = optionsOf(this.#state, { onToken: following, onPrefill }, signal);
    const [result] = await pipe(turnsOf(said, system), options);
    signal.throwIfAborted();
    writing.end(result);
    if (this.#state.said === this.#asked) screen.link.change({ said: this.#with(result.text) });
    return result;
  }

  /** The conversation with what was written: the next turn, or the rest of the last one. */
  #with(written: string): string[] {
    const said = [...this.#state.said];
    return said.length % 2 === 1 ? [...said, written] : [...said.slice(0, -1), this.#beginning + written];
  }

  /** Lets the model go on with its last answer. */
  #continue(): void {
    const { screen } = this.context;
    this.#goesOn = true;
    // A run that was refused or stopped before it began leaves the next one alone.
    void screen.run().finally(() => (this.#goesOn = false));
    void screen.host.updateComplete.then(() => screen.focus('stop'));
  }

  /** The conversation with a broken off answer as it was left. */
  #settled(): Settled {
    const { said } = this.#state;
    if (said !== this.#asked) return settle(said, '');
    const { soFar } = this.context.writing;
    // Of an answer that was continued, all that there is of it is the answer.
    return said.length % 2 === 0 ? { said: this.#with(soFar), unanswered: undefined } : settle(said, soFar);
  }

  /** Ends the turn: what was written stays as the answer; without any, the message goes back to its box. */
  endTurn(): void {
    if (this.#state.said.length % 2 === 0 && this.#state.said !== this.#asked) return;
    const { said, unanswered } = this.#settled();
    this.#asked = undefined;
    this.context.screen.link.change({ said: [...said], message: joined(unanswered, this.#state.message) });
  }

  /** Keeps what is being written in view, where the conversation scrolls by itself. */
  #follow(): void {
    const log = this.context.screen.host.renderRoot.querySelector('.log');
    if (log) log.scrollTop = log.scrollHeight;
  }

  #begin(): void {
    const { screen, writing } = this.context;
    screen.stop();
    screen.link.change({ said: [], message: '' });
    writing.forget();
    screen.announce(say.newConversation);
    screen.focus('message');
  }

  copyable(): string | undefined {
    const { said } = this.#state;
    return said.length > 0 ? asText(said) : undefined;
  }

  /** A conversation is nobody else's business, nor is a text that is not on the screen. */
  shared(state: GenerateState): GenerateState {
    return { ...state, said: [], prompt: '', kept: '' };
  }

  renderActions(): TemplateResult {
    const none = this.#state.said.length === 0;
    const unanswered = this.#state.said.length % 2 === 1;
    return html`<button
        type="button"
        id="continue-answer"
        title=${say.continueAbout}
        ?disabled=${none || unanswered || this.context.screen.running}
        @click=${() => this.#continue()}
      >
        ${say.continueAnswer}
      </button>
      <button type="button" id="new-chat" ?disabled=${none} @click=${() => this.#begin()}>${say.newChat}</button>`;
  }

  renderInput(): TemplateResult {
    const { link, problem } = this.context.screen;
    return textBox({
      id: 'message',
      label: say.message,
      rows: 3,
      placeholder: link.current.said.length > 0 ? say.nextPlaceholder : say.firstPlaceholder,
      value: link.current.message,
      problem: problem.at('message'),
      change: (message) => link.change({ message }),
    });
  }

  renderSettings(): TemplateResult {
    const { link } = this.context.screen;
    return html`<div class="field">
      <label for="system">${say.system}</label>
      <textarea
        id="system"
        dir="auto"
        rows="2"
        .value=${link.current.system}
        aria-describedby="system-about"
        @input=${(event: Event) => link.change({ system: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
      <p class="small muted" id="system-about">${say.systemAbout}</p>
    </div>`;
  }

  /** Which model gave an answer, where the conversation has those of several. */
  #writerOf(index: number): string | undefined {
    const writers = this.#writers.slice(0, this.#state.said.length + 1).filter((name) => name !== undefined);
    return new Set(writers).size > 1 ? this.#writers[index] : undefined;
  }

  renderResults(): TemplateResult {
    const { writing } = this.context;
    const { said } = this.#state;
    // The last answer is shown as the tokens that it was written in, if it was written here.
    const goesOn = this.context.screen.running && said === this.#asked;
    const finished = this.#beginning + writing.finishedText;
    const written = writing.begun && (said.length % 2 === 1 || goesOn || said.at(-1) === finished);
    const turns = turnsOf(said.length % 2 === 0 && written ? said.slice(0, -1) : said);
    return html`${said.length === 0 ? emptyState(say.empty) : nothing}
      <div class="log" role="log" aria-label=${say.conversation} tabindex=${said.length > 0 ? '0' : nothing}>
        ${turns.map(({ role, content }, index) => turn(role, content, this.#writerOf(index)))}
        <div class="turn assistant" ?hidden=${!written}>
          <p class="who">${who('assistant', this.#writerOf(said.length - 1 + (said.length % 2)))}</p>
          ${renderWritten(writing, writingWords.stream)}
        </div>
      </div>`;
  }
}
