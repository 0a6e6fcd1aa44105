/** `<cloze-kept-models>`: what is kept in this browser, how much room it takes, checking and deleting. */
import { html, LitElement, nothing, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { models, type StorageEstimate, type StoredFile, type StoredModel, type Verification } from '../../index.js';
import { modelsWords } from '../../words/screens/models.js';
import { messageOf } from '../controllers/problem.js';
import { count, moment, size } from '../format.js';
import { shared } from '../styles/index.js';
import { emptyState } from '../widgets/parts.js';
import { inOrderOf, keptList } from './kept-list.js';
import { choiceOf } from './model-choice.js';
import { keptStyles } from './styles.js';

const say = modelsWords.kept;

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
  static override styles: CSSResultGroup = [shared, keptStyles];

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
      failed: (error) => (this.problem = say.unreadable(messageOf(error))),
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
    if (room.kind === 'memory') return html`<div class="problem"><p>${say.keepsNothing}</p></div>`;
    const { usage, quota, persisted } = room;
    const used = usage === null ? '' : quota === null ? say.used(size(usage)) : say.usedOf(size(usage), size(quota));
    return html`<div class="room">
      <p class="small">${used}${persisted ? say.promised : say.notPromised}</p>
      ${
        usage !== null && quota
          ? html`<progress aria-label=${say.storageUsed} max=${quota} .value=${usage}></progress>`
          : nothing
      }
      ${persisted ? nothing : html`<button type="button" id="persist" @click=${this.#persist}>${say.persist}</button>`}
    </div>`;
  }

  #renderList(): TemplateResult | typeof nothing {
    const { kept } = this;
    if (!kept) return nothing;
    if (kept.length === 0) return this.room?.kind === 'memory' ? nothing : emptyState(say.empty);
    return html`<ul class="list" aria-label=${say.list}>
      ${repeat(
        kept,
        ({ id }) => id,
        (model) => this.#renderModel(model),
      )}
    </ul>`;
  }

  #renderModel(model: StoredModel): TemplateResult {
    const work = this.work.get(model.id) ?? {};
    const { name } = namesOf(model);
    const used = model.last_used === null ? say.neverUsed : say.lastUsed(moment(model.last_used));
    const files = count(model.files.length, 'file');
    return html`<li>
      <h4>${name}</h4>
      <p class="small muted">${[sourceOf(model), amountOf(model), used].join(' · ')}</p>
      ${work.doing === 'verify' ? renderChecking(model, work.share ?? 0) : nothing}
      ${work.said ? html`<p class="small">${work.said}</p>` : nothing}
      <div role="alert">${work.problem ? html`<div class="problem"><p>${work.problem}</p></div>` : nothing}</div>
      ${work.doing === 'ask' ? this.#renderQuestion(model) : this.#renderButtons(model, work)}
      <details>
        <summary>${model.revision === null ? say.files(files) : say.filesOfRevision(files, model.revision)}</summary>
        <div class="inside">
          ${model.source === 'default' ? nothing : html`<p class="small muted">${say.fromAddress(model.url)}</p>`}
          <div>${model.files.map((file) => renderFile(file))}</div>
        </div>
      </details>
    </li>`;
  }

  /** Whether it is to be deleted. */
  #renderQuestion(model: StoredModel): TemplateResult {
    const { within } = namesOf(model);
    return html`<div class="confirm" role="group" aria-label=${say.shallDelete(within)}>
      <p>
        ${say.shallDeleteBytes(within, size(model.kept_bytes))}
        ${model.source === 'default' ? say.fetchedAgain : say.fetchedAnew}
      </p>
      <div class="row">
        <button type="button" class="danger" data-confirm=${model.id} @click=${() => void this.#delete(model)}>
          ${say.delete}
        </button>
        <button type="button" @click=${() => void this.#ask(model, false)}>${say.keep}</button>
      </div>
    </div>`;
  }

  #renderButtons(model: StoredModel, { doing }: Work): TemplateResult {
    const { within } = namesOf(model);
    const busy = doing === 'verify' || doing === 'delete';
    const loading = choiceOf(model).id === this.loading || model.name === this.loading;
    return html`<div class="row">
      ${
        model.complete || model.source === 'default' || loading
          ? nothing
          : html`<button type="button" aria-label=${say.fetchRestOf(within)} @click=${() => this.#resume(model)}>
              ${say.fetchRest}
            </button>`
      }
      ${
        doing === 'verify'
          ? html`<button
              type="button"
              aria-label=${say.stopChecking(within)}
              @click=${() => this.#verifying.get(model.id)?.abort()}
            >
              ${say.stop}
            </button>`
          : html`<button
              type="button"
              aria-label=${say.verifyThis(within)}
              ?disabled=${busy}
              @click=${() => void this.#verify(model)}
            >
              ${say.verify}
            </button>`
      }
      <button
        type="button"
        aria-label=${say.deleteThis(within)}
        data-delete=${model.id}
        ?disabled=${busy}
        @click=${() => void this.#ask(model, true)}
      >
        ${say.delete}
      </button>
    </div>`;
  }

  #set(id: string, work: Work): void {
    this.work = new Map(this.work).set(id, work);
  }

  readonly #persist = async (): Promise<void> => {
    const agreed = await models.persist().catch(() => false);
    this.said = agreed ? say.agreed : say.refused;
    this.problem = agreed ? undefined : say.refusedWhy;
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
      this.said = say.deleted(namesOf(model).name);
      await this.refresh();
      this.renderRoot.querySelector<HTMLElement>('[data-delete], #persist')?.focus();
    } catch (error) {
      this.#set(model.id, { problem: say.notDeleted(messageOf(error)) });
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
      this.said = say.checked(namesOf(model).name, said ?? '');
    } catch (error) {
      this.#set(
        model.id,
        abort.signal.aborted ? { said: say.checkStopped } : { problem: say.notChecked(messageOf(error)) },
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

const renderChecking = (model: StoredModel, share: number): TemplateResult =>
  html`<div class="field">
    <span class="small" aria-hidden="true">${say.reading}</span>
    <progress aria-label=${say.checking(namesOf(model).within)} max="1" .value=${share}></progress>
  </div>`;

function renderFile(file: StoredFile): TemplateResult {
  const amount = file.complete ? size(file.kept_bytes) : say.partOf(size(file.kept_bytes), wholeOf(file));
  return html`<div class="file">
    <span
      ><span class="token">${file.name}</span>,
      ${file.fetched === null ? amount : say.fetched(amount, moment(file.fetched))}</span
    >
    ${
      file.sha256
        ? html`<span class="hash">${say.sha256(file.sha256)}</span>
            <span class="muted">${file.verified ? say.verified : say.unverified}</span>`
        : nothing
    }
  </div>`;
}

/** What a model is called, by itself and in the middle of a sentence. */
function namesOf({ source, id, name }: StoredModel): { readonly name: string; readonly within: string } {
  const own: Readonly<Record<string, { name: string; within: string }>> = say.own;
  return (source === 'default' ? own[id] : undefined) ?? { name, within: name };
}

const sourceOf = ({ source, url }: StoredModel): string =>
  source === 'default' ? say.cameWithPage : say.from(URL.canParse(url) ? new URL(url).host : url);

const wholeOf = ({ bytes }: { readonly bytes: number | null }): string =>
  bytes === null ? say.unknownSize : size(bytes);

const amountOf = (model: StoredModel): string =>
  model.complete ? size(model.kept_bytes) : say.partHere(size(model.kept_bytes), wholeOf(model));

function verdict({ good, files }: Verification): { said?: string; problem?: string } {
  const those = (result: Verification['files'][number]['result']): string[] =>
    files.filter((file) => file.result === result).map(({ name }) => name);
  const damaged = those('damaged');
  if (damaged.length > 0) return { problem: say.damaged(damaged) };
  const incomplete = those('incomplete');
  if (!good && incomplete.length > 0) return { said: say.goodSoFar(incomplete) };
  return { said: say.good };
}
