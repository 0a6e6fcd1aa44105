/** `<cloze-kept-models>`: what is kept in this browser, how much room it takes, checking and deleting. */
import { css, html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { models, type StorageEstimate, type StoredFile, type StoredModel, type Verification } from '../index.js';
import { count, moment, size } from './format.js';
import { inOrderOf, keptList } from './kept-list.js';
import { choiceOf } from './model-choice.js';
import { shared } from './styles.js';

/** What is being done with one model, or was. */
interface Work {
  /** `ask`: whether it is to be deleted. */
  readonly doing?: 'verify' | 'ask' | 'delete';
  /** Of a check, 0 to 1. */
  readonly share?: number;
  /** How it ended. */
  readonly said?: string;
  readonly problem?: string;
}

/**
 * The list of kept models; it follows what other tabs do.
 *
 * @fires cloze-resume - the rest of a model is wanted; `detail` is the `StoredModel`
 */
export class ClozeKeptModels extends LitElement {
  static override properties: PropertyDeclarations = {
    loading: {},
    kept: { state: true },
    room: { state: true },
    work: { state: true },
    said: { state: true },
    problem: { state: true },
  };
  static override styles = [
    shared,
    css`
      .list {
        display: grid;
        list-style: none;
        margin: 0;
        padding: 0;
      }
      .list > li {
        display: grid;
        gap: 0.5rem;
        padding-block: 1rem;
        border-top: 1px solid var(--cloze-line);
      }
      .list > li:last-child {
        border-bottom: 1px solid var(--cloze-line);
      }
      .list details {
        border: 0;
      }
      .list summary {
        font-weight: 400;
        color: var(--cloze-muted);
      }
      h4 {
        overflow-wrap: anywhere;
      }
      .room {
        display: grid;
        gap: 0.5rem;
        justify-items: start;
      }
      .file {
        display: grid;
        gap: 0.125rem;
        font-size: 0.875rem;
      }
      .file + .file {
        margin-top: 0.75rem;
      }
      .hash {
        font-family: var(--cloze-mono);
        font-size: 0.75rem;
        overflow-wrap: anywhere;
        color: var(--cloze-muted);
      }
      .confirm {
        display: grid;
        gap: 0.5rem;
        padding: 0.625rem 0.875rem;
        background: var(--cloze-inset);
        border-radius: var(--cloze-radius);
      }
      button.danger {
        color: var(--cloze-error);
        border-color: var(--cloze-error);
      }
    `,
  ];

  /** What the page is loading, by the id of its choice: it is not to be begun again. */
  declare loading: string | undefined;

  /** `undefined` until it is known. */
  declare protected kept: readonly StoredModel[] | undefined;
  declare protected room: StorageEstimate | undefined;
  declare protected work: ReadonlyMap<string, Work>;
  declare protected said: string;
  declare protected problem: string | undefined;

  #stopHearing: (() => void) | undefined;
  #verifying = new Map<string, AbortController>();

  constructor() {
    super();
    this.work = new Map();
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopHearing = keptList.watch({
      kept: (list) => void this.#take(list),
      failed: (error) => (this.problem = `What is kept cannot be read: ${wordsOf(error)}`),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopHearing?.();
    this.#verifying.forEach((abort) => abort.abort());
  }

  /** Looks again. */
  async refresh(): Promise<void> {
    await keptList.look();
    await this.#taking;
  }

  #taking: Promise<void> | undefined;

  #take(list: readonly StoredModel[]): Promise<void> {
    return (this.#taking = models
      .estimate()
      .catch(() => this.room)
      .then((room) => {
        this.room = room;
        // What has the focus is not to move away from under it.
        this.kept = this.shadowRoot?.activeElement ? inOrderOf(this.kept ?? [], list) : list;
        this.problem = undefined;
      }));
  }

  protected override render(): TemplateResult {
    return html`<div class="input">
      ${this.#renderRoom()}
      <p role="status" class="hidden-text">${this.said}</p>
      ${this.problem ? html`<div class="problem" role="alert"><p>${this.problem}</p></div>` : nothing}
      ${this.#renderList()}
    </div>`;
  }

  #renderRoom(): TemplateResult | typeof nothing {
    const { room } = this;
    if (!room) return nothing;
    if (room.kind === 'memory') {
      return html`<div class="problem">
        <p>
          This browser lets the page keep nothing (a private window, perhaps, or storage that is switched off). Models
          run all the same, but are fetched again at the next visit.
        </p>
      </div>`;
    }
    const { usage, quota, persisted } = room;
    const used =
      usage === null
        ? ''
        : `${size(usage)} used${quota === null ? '' : ` of ${size(quota)} that the browser allows this site`}. `;
    return html`<div class="room">
      <p class="small">
        ${used}${persisted ? 'The browser has promised not to clear it away.' : 'When the disk fills up, the browser may clear it away.'}
      </p>
      ${usage !== null && quota ? html`<progress aria-label="Storage used" max=${quota} .value=${usage}></progress>` : nothing}
      ${persisted ? nothing : html`<button type="button" id="persist" @click=${this.#persist}>Keep for good</button>`}
    </div>`;
  }

  #renderList(): TemplateResult | typeof nothing {
    const { kept } = this;
    if (!kept) return nothing;
    if (kept.length === 0) {
      return this.room?.kind === 'memory'
        ? nothing
        : html`<div class="empty">
            <p>Nothing is kept yet.</p>
            <p>
              A model that is loaded from an address stays here, and is not fetched again. Models from this device’s
              disk are read where they are.
            </p>
          </div>`;
    }
    return html`<ul class="list" aria-label="Kept models">
      ${repeat(
        kept,
        ({ id }) => id,
        (model) => this.#renderModel(model),
      )}
    </ul>`;
  }

  #renderModel(model: StoredModel): TemplateResult {
    const work = this.work.get(model.id) ?? {};
    const busy = work.doing === 'verify' || work.doing === 'delete';
    const name = nameOf(model);
    return html`<li>
      <h4>${name}</h4>
      <p class="small muted">
        ${[sourceOf(model), amountOf(model), model.last_used === null ? 'never used' : `last used ${moment(model.last_used)}`].join(' · ')}
      </p>
      ${
        work.doing === 'verify'
          ? html`<div class="field">
              <span class="small" aria-hidden="true">Reading every byte.</span>
              <progress aria-label="Checking ${inSentence(name)}" max="1" .value=${work.share ?? 0}></progress>
            </div>`
          : nothing
      }
      ${work.said ? html`<p class="small">${work.said}</p>` : nothing}
      <div role="alert">${work.problem ? html`<div class="problem"><p>${work.problem}</p></div>` : nothing}</div>
      ${
        work.doing === 'ask'
          ? html`<div class="confirm" role="group" aria-label="Delete ${inSentence(name)}?">
              <p>
                Delete ${inSentence(name)} (${size(model.kept_bytes)})?
                ${model.source === 'default' ? 'It is fetched again when a screen uses it.' : 'To use it again, it has to be fetched anew.'}
              </p>
              <div class="row">
                <button type="button" class="danger" data-confirm=${model.id} @click=${() => void this.#delete(model)}>
                  Delete
                </button>
                <button type="button" @click=${() => void this.#ask(model, false)}>Keep</button>
              </div>
            </div>`
          : html`<div class="row">
              ${
                model.complete ||
                model.source === 'default' ||
                choiceOf(model).id === this.loading ||
                model.name === this.loading
                  ? nothing
                  : html`<button
                      type="button"
                      aria-label="Fetch the rest of ${inSentence(name)}"
                      @click=${() => this.#resume(model)}
                    >
                      Fetch the rest
                    </button>`
              }
              ${
                work.doing === 'verify'
                  ? html`<button
                      type="button"
                      aria-label="Stop checking ${inSentence(name)}"
                      @click=${() => this.#verifying.get(model.id)?.abort()}
                    >
                      Stop
                    </button>`
                  : html`<button
                      type="button"
                      aria-label="Verify ${inSentence(name)}"
                      ?disabled=${busy}
                      @click=${() => void this.#verify(model)}
                    >
                      Verify
                    </button>`
              }
              <button
                type="button"
                aria-label="Delete ${inSentence(name)}"
                data-delete=${model.id}
                ?disabled=${busy}
                @click=${() => void this.#ask(model, true)}
              >
                Delete
              </button>
            </div>`
      }
      <details>
        <summary>
          ${count(model.files.length, 'file')}${model.revision === null ? '' : `, revision ${model.revision}`}
        </summary>
        <div class="inside">
          ${model.source === 'default' ? nothing : html`<p class="small muted">From ${model.url}</p>`}
          <div>${model.files.map((file) => renderFile(file))}</div>
        </div>
      </details>
    </li>`;
  }

  #set(id: string, work: Work): void {
    this.work = new Map(this.work).set(id, work);
  }

  readonly #persist = async (): Promise<void> => {
    const agreed = await models.persist().catch(() => false);
    this.said = agreed ? 'The browser has promised not to clear the models away.' : 'The browser did not agree.';
    this.problem = agreed
      ? undefined
      : 'The browser did not agree to keep the models for good. Many do so for pages that were installed or are visited often: try again later.';
    this.room = await models.estimate().catch(() => this.room);
  };

  async #ask(model: StoredModel, ask: boolean): Promise<void> {
    this.#set(model.id, ask ? { doing: 'ask' } : {});
    await this.updateComplete;
    this.#focus(ask ? 'confirm' : 'delete', model.id);
  }

  #focus(what: 'confirm' | 'delete', id: string): void {
    this.renderRoot.querySelector<HTMLElement>(`[data-${what}="${CSS.escape(id)}"]`)?.focus();
  }

  async #delete(model: StoredModel): Promise<void> {
    this.#set(model.id, { doing: 'delete' });
    try {
      await models.delete(model);
      this.#set(model.id, {});
      this.said = `${nameOf(model)} was deleted.`;
      await this.refresh();
      this.renderRoot.querySelector<HTMLElement>('[data-delete], #persist')?.focus();
    } catch (error) {
      this.#set(model.id, { problem: `It was not deleted: ${wordsOf(error)}` });
      await this.updateComplete;
      this.#focus('delete', model.id);
    }
  }

  async #verify(model: StoredModel): Promise<void> {
    const abort = new AbortController();
    this.#verifying.set(model.id, abort);
    this.#set(model.id, { doing: 'verify' });
    const done = new Map<string, number>();
    try {
      const verification = await models.verify(model, {
        signal: abort.signal,
        on_progress: ({ file, loaded }) => {
          done.set(file, loaded);
          const sum = [...done.values()].reduce((all, one) => all + one, 0);
          this.#set(model.id, { doing: 'verify', share: model.kept_bytes > 0 ? sum / model.kept_bytes : 0 });
        },
      });
      const { said, problem } = verdict(verification);
      this.#set(model.id, problem ? { problem } : { said: said! });
      this.said = `${nameOf(model)}: ${said ?? ''}`;
    } catch (error) {
      this.#set(
        model.id,
        abort.signal.aborted
          ? { said: 'The check was stopped.' }
          : { problem: `It could not be checked: ${wordsOf(error)}` },
      );
    } finally {
      this.#verifying.delete(model.id);
      await this.refresh();
    }
  }

  #resume(model: StoredModel): void {
    this.dispatchEvent(new CustomEvent('cloze-resume', { detail: model, bubbles: true, composed: true }));
  }
}

function renderFile(file: StoredFile): TemplateResult {
  const amount = file.complete
    ? size(file.kept_bytes)
    : `${size(file.kept_bytes)} of ${file.bytes === null ? 'an unknown size' : size(file.bytes)}`;
  return html`<div class="file">
    <span
      ><span class="token">${file.name}</span>,
      ${amount}${file.fetched === null ? '' : `, fetched ${moment(file.fetched)}`}</span
    >
    ${
      file.sha256
        ? html`<span class="hash">sha256 ${file.sha256}</span>
            <span class="muted"
              >${file.verified ? 'The same as where it comes from.' : 'Its server names no hash to compare it with.'}</span
            >`
        : nothing
    }
  </div>`;
}

const nameOf = ({ source, id, name }: StoredModel): string => (source === 'default' ? (OWN_NAMES[id] ?? name) : name);

const OWN_NAMES: Readonly<Record<string, string>> = {
  'cloze:bert': 'The page’s own BERT',
  'cloze:gpt': 'The page’s own GPT-2',
};

/** A name in the middle of a sentence. */
const inSentence = (name: string): string => name.replace(/^The page/u, 'the page');

function sourceOf({ source, url }: StoredModel): string {
  if (source === 'default') return 'came with the page';
  return `from ${URL.canParse(url) ? new URL(url).host : url}`;
}

function amountOf({ complete, kept_bytes, bytes }: StoredModel): string {
  if (complete) return size(kept_bytes);
  return `${size(kept_bytes)} of ${bytes === null ? 'an unknown size' : size(bytes)} here`;
}

function verdict({ good, files }: Verification): { said?: string; problem?: string } {
  const damaged = files.filter(({ result }) => result === 'damaged').map(({ name }) => name);
  if (damaged.length > 0)
    return {
      problem: `${damaged.join(', ')} ${damaged.length > 1 ? 'were' : 'was'} damaged and removed. The next load fetches ${damaged.length > 1 ? 'them' : 'it'} again.`,
    };
  const incomplete = files.filter(({ result }) => result === 'incomplete').map(({ name }) => name);
  if (!good && incomplete.length > 0)
    return { said: `What is here is good; of ${incomplete.join(', ')} the rest is still to be fetched.` };
  return { said: 'Every byte is as it was fetched.' };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

declare global {
  interface HTMLElementTagNameMap {
    'cloze-kept-models': ClozeKeptModels;
  }
}
