/** The Train screen, apart from its element: its views in their frame. Fetched when the screen is first seen. */
import { css, html, nothing, type TemplateResult } from 'lit';
import type { PipelineOptions } from '../../index.js';
import { trainWords } from '../../words/train.js';
import { words } from '../../words/index.js';
import { shows, type HeadShown } from '../appearance.js';
import { emit, type Host } from '../controllers/host.js';
import type { LinkController } from '../controllers/link.js';
import { ClozeDrawing } from '../inside/drawing/element.js';
import { styles } from '../inside/styles.js';
import type { ScreenTask } from '../rows.js';
import type { TrainState, TrainViewName } from './schema.js';
import type { TrainFrame, TrainView } from './view.js';
import { TRAIN_VIEW } from './views.js';

const say = trainWords.frame;

/** What the frame needs of its element. */
type TrainHost = Host &
  HeadShown & {
    readonly build: PipelineOptions['build'];
    readonly threads: number | undefined;
    readonly shareUrl: (() => string) | undefined;
  };

/** What is said stays in view: the screen is long. */
const own = css`
  .said {
    position: sticky;
    top: 0;
    z-index: 2;
    min-height: 2rem;
    max-width: none;
    margin-block: -1.25rem;
    padding-block: 0.3125rem;
    color: var(--cloze-muted);
  }
  .said:not(:empty) {
    background: var(--cloze-paper);
  }
`;

/** How often a folder was given to another screen: two may have the same name. */
let opened = 0;

/** The screen's parts. */
export class Train implements TrainFrame {
  readonly #views = new Map<TrainViewName, TrainView>();
  /** Views that could not be fetched. */
  readonly #failed = new Set<TrainViewName>();
  /** The settings of the views that are not shown. */
  readonly #sets = new Map<TrainViewName, string>();
  #status = '';
  /** The lesson's step that is being done. */
  #aside: HTMLElement | undefined;
  #seen: boolean;

  constructor(
    private readonly host: TrainHost,
    private readonly linking: LinkController<TrainState>,
  ) {
    if (!customElements.get('cloze-drawing')) customElements.define('cloze-drawing', ClozeDrawing);
    const root = host.renderRoot as ShadowRoot;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, styles.styleSheet!, own.styleSheet!];
    host.addEventListener('keydown', this.#onKey);
    // Another tab of the page hides the element, another one of the browser the document.
    this.#seen = isSeen(host);
    new ResizeObserver(this.#look).observe(host);
    document.addEventListener('visibilitychange', this.#look);
    void this.#fetch(this.view);
  }

  // ---- for the element --------------------------------------------------------------------------------------------

  /** What is set was changed, by a link or by a view. */
  changed(before: TrainState): void {
    const { view, set } = this.linking.current;
    if (view !== before.view) void this.#fetch(view);
    if (this.#sets.get(view) === set) return;
    this.#sets.set(view, set);
    this.#views.get(view)?.takeSet(set);
  }

  /** What is set in a view. */
  setOf(view: TrainViewName): string {
    return this.#sets.get(view) ?? '';
  }

  async run(how: { readonly unasked?: boolean } = {}): Promise<void> {
    await (await this.#fetch(this.view))?.run(how);
  }

  takeDropped(data: DataTransfer): boolean {
    return this.#views.get(this.view)?.takeDropped?.(data) ?? false;
  }

  renderAbout(views: readonly TrainViewName[]): TemplateResult {
    const row = TRAIN_VIEW[this.view];
    return html`${shows(this.host, 'explain') ? html`<p>${say.about}</p>` : nothing}
      ${views.length > 1 ? this.#renderViews(views) : nothing}
      <h3>${row?.words.label}</h3>
      <p>${row?.words.about}</p>`;
  }

  #renderViews(views: readonly TrainViewName[]): TemplateResult {
    return html`<fieldset class="views">
      <legend>${say.view}</legend>
      ${views
        .filter((name) => name in TRAIN_VIEW)
        .map(
          (name) =>
            html`<label>
              <input
                type="radio"
                name="view"
                value=${name}
                .checked=${this.view === name}
                @change=${() => this.turnTo(name)}
              /><span>${TRAIN_VIEW[name]!.words.label}</span>
            </label>`,
        )}
    </fieldset>`;
  }

  render(): TemplateResult {
    const { view } = this;
    for (const [name, element] of this.#views) element.hidden = name !== view;
    return html`<p role="status" class="said small">${this.#status}</p>
      ${
        this.#failed.has(view)
          ? html`<div class="problem" role="alert"><p>${words.insideTab.notFetched}</p></div>`
          : nothing
      }
      ${view === 'lessons' ? nothing : (this.#aside ?? nothing)} ${[...this.#views.values()]}`;
  }

  // ---- for the views ----------------------------------------------------------------------------------------------

  get build(): PipelineOptions['build'] {
    return this.host.build;
  }

  get threads(): number | undefined {
    return this.host.threads;
  }

  get seen(): boolean {
    return this.#seen;
  }

  announce(text: string): void {
    this.#status = text;
    this.host.requestUpdate();
  }

  setChanged(view: TrainViewName, set: string): void {
    this.#sets.set(view, set);
    if (view === this.view) this.linking.change({ set });
  }

  link(view: TrainViewName, set: string): string {
    return this.linking.address({ view, set });
  }

  turnTo(view: TrainViewName, set = this.#sets.get(view) ?? ''): void {
    this.linking.change({ view, set });
  }

  setAside(element: HTMLElement | undefined): void {
    this.#aside = element;
    this.host.requestUpdate();
  }

  openIn(task: ScreenTask, name: string, files: File[]): void {
    const id = `trained:${(opened += 1)}`;
    emit(this.host, 'cloze-use', { task, choice: { id, name, model: files, local: true } });
    const event = new CustomEvent('cloze-open', { detail: task, bubbles: true, composed: true, cancelable: true });
    // A page of its own may have no tabs.
    if (this.host.dispatchEvent(event)) document.querySelector(`cloze-${task}`)?.scrollIntoView();
  }

  // ---- of its own -------------------------------------------------------------------------------------------------

  private get view(): TrainViewName {
    const { view } = this.linking.current;
    return view in TRAIN_VIEW ? view : 'scratch';
  }

  async #fetch(name: TrainViewName): Promise<TrainView | undefined> {
    const row = TRAIN_VIEW[name];
    const there = this.#views.get(name);
    if (!row || there) return there;
    try {
      const View = await row.fetch();
      if (!customElements.get(row.tag)) customElements.define(row.tag, View);
    } catch {
      this.#failed.add(name);
      this.host.requestUpdate();
      return undefined;
    }
    const again = this.#views.get(name);
    if (again) return again;
    const view = document.createElement(row.tag) as TrainView;
    view.frame = this;
    view.takeSet(this.#sets.get(name) ?? (name === this.view ? this.linking.current.set : ''));
    this.#views.set(name, view);
    this.host.requestUpdate();
    return view;
  }

  readonly #look = (): void => {
    const seen = isSeen(this.host);
    if (seen === this.#seen) return;
    this.#seen = seen;
    for (const view of this.#views.values()) view.seenChanged?.();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    void this.run();
  };
}

const isSeen = (host: TrainHost): boolean => host.getClientRects().length > 0 && document.visibilityState === 'visible';
