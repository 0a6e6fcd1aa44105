/** The text that is learnt from: pasted, dropped, opened, or one of the page's own. */
import { html, nothing, type TemplateResult } from 'lit';
import { loadText, TEXTS, type TextName } from '../../../training/data.js';
import { trainWords } from '../../../words/train.js';
import { commas, count, size } from '../../format.js';
import { problemBelow } from '../../widgets/parts.js';

const say = trainWords.scratch.text;

/** More characters than these are not put into a text box: it would be slow. */
const MOST_SHOWN = 20_000;

/** A file that is longer is not a text that can be learnt from here. */
const MOST_BYTES = 64e6;

/** What the source tells the view. */
export interface SourceHost {
  announce(text: string): void;
  fail(error: unknown, at: string): void;
  problem(id: string): string | undefined;
  /** Another text is there. */
  changed(): void;
}

/** The text. */
export class Source {
  /** The whole text, and its length in UTF-8. */
  text = '';
  #bytes = 0;
  /** Which of the page's own it is. */
  own: TextName | undefined;
  /** What it is called. */
  title: string = say.yours;
  #fetching: AbortController | undefined;

  constructor(private readonly host: SourceHost) {}

  /** Takes one of the page's own. Resolves once it is there, or has failed. */
  async take(name: TextName): Promise<void> {
    const known = TEXTS.find((one) => one.name === name)!;
    this.#fetching?.abort();
    const fetching = (this.#fetching = new AbortController());
    this.host.announce(say.fetching(known.title));
    try {
      const text = await loadText(name, fetching.signal);
      if (fetching.signal.aborted) return;
      this.#set(text, known.title, name);
      this.host.announce(say.taken(known.title, count(text.length, 'character')));
    } catch (error) {
      if (!fetching.signal.aborted) this.host.fail(error, 'text');
    }
  }

  /** Opens a file. */
  async open(file: File): Promise<void> {
    try {
      if (file.size > MOST_BYTES) throw new TypeError(file.name);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
      if (text.includes('\0')) throw new TypeError(file.name);
      this.#set(text, file.name);
      this.host.announce(say.opened(file.name, count(text.length, 'character')));
    } catch {
      this.host.fail(new Error(say.notText(file.name)), 'text');
    }
  }

  /** What was dropped on the page, if it is a text. */
  takeDropped(data: DataTransfer): boolean {
    const [file] = data.files;
    if (!file || data.files.length > 1 || !isText(file)) return false;
    void this.open(file);
    return true;
  }

  render(): TemplateResult {
    const problem = this.host.problem('text');
    const long = this.text.length > MOST_SHOWN;
    return html`<div class="field">
      <label for="text">${say.label}</label>
      <div class="row" role="group" aria-label=${say.own}>
        ${TEXTS.map(
          ({ name, title, author, bytes }) =>
            html`<button
              type="button"
              class="chip"
              aria-pressed=${this.own === name ? 'true' : 'false'}
              data-text=${name}
              @click=${() => void this.take(name)}
            >
              ${commas(title, author)} <span class="muted">${size(bytes)}</span>
            </button>`,
        )}
        <button type="button" class="chip" @click=${(event: Event) => pick(event)}>${say.file}</button>
        <input
          type="file"
          accept="text/plain,text/*,.txt,.md"
          hidden
          tabindex="-1"
          @change=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            const [file] = input.files ?? [];
            if (file) void this.open(file);
            input.value = '';
          }}
        />
      </div>
      <textarea
        id="text"
        dir="auto"
        rows="5"
        spellcheck="false"
        placeholder=${say.placeholder}
        .value=${long ? `${this.text.slice(0, 2000)}…` : this.text}
        ?readonly=${long}
        aria-invalid=${problem ? 'true' : 'false'}
        aria-describedby="text-problem text-about"
        @input=${(event: Event) => this.#set((event.target as HTMLTextAreaElement).value, say.yours)}
        @paste=${(event: ClipboardEvent) => this.#paste(event)}
      ></textarea>
      <p class="small muted" id="text-about">
        ${this.text === '' ? nothing : say.length(count(this.text.length, 'character'), size(this.#bytes))} ${say.about}
      </p>
      ${
        long
          ? html`<div class="row">
              <button type="button" id="other-text" @click=${() => this.#set('', say.yours)}>${say.replace}</button>
            </div>`
          : nothing
      }
      ${problemBelow('text', problem)}
    </div>`;
  }

  // A long text in the box would be a slow one: it is taken as it is, and its beginning is shown.
  #paste(event: ClipboardEvent): void {
    const pasted = event.clipboardData?.getData('text/plain') ?? '';
    if (pasted.length <= MOST_SHOWN) return;
    event.preventDefault();
    this.#set(pasted, say.yours);
  }

  #set(text: string, title: string, own?: TextName): void {
    this.#fetching?.abort();
    this.text = text;
    this.#bytes = new Blob([text]).size;
    this.title = title;
    this.own = own;
    this.host.changed();
  }
}

const isText = ({ type, name }: File): boolean =>
  /^text\//iu.test(type) || /\.(?:txt|md|text|csv|tex|srt)$/iu.test(name);

const pick = ({ target }: Event): void =>
  (target as HTMLElement).parentElement!.querySelector<HTMLInputElement>('input[type=file]')!.click();
