/** The Inside screen, apart from its element: its views in their frame. Fetched when the screen is first seen. */
import { html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { insideWords } from '../../words/inside.js';
import { shows } from '../appearance.js';
import { emit, onceGone } from '../controllers/host.js';
import type { Problem } from '../controllers/problem.js';
import type { Example } from '../controllers/beginning.js';
import type { ScreenController } from '../controllers/screen.js';
import type { Fact, ScreenHost } from '../controllers/screen-parts.js';
import { milliseconds } from '../format.js';
import { renderForeign } from '../widgets/answer.js';
import { emptyState, help, modelFacts, textBox } from '../widgets/parts.js';
import { words } from '../../words/index.js';
import { ClozeDrawing } from './drawing/element.js';
import { download, csvFile, pngFile, svgFile } from './drawing/save.js';
import { ModelChooser } from './model-chooser.js';
import { identityOf, openModels, type InsideModels } from './models.js';
import { MODELLESS, START, VIEWS, type InsideState, type ViewName } from './schema.js';
import { styles } from './styles.js';
import type { Frame, InsideModel, InsideView, ModelKey } from './view.js';
import { VIEW } from './views.js';

const say = insideWords.frame;

/** What a view computed. */
export interface InsideResult {
  /** Which view. */
  readonly view: ViewName;
  /** The text, and the second one. */
  readonly text: string;
  readonly pair: string;
  /** What it is; its shape is the view's. */
  readonly data: unknown;
  /** How long it took. */
  readonly ms: number;
}

/** A result, and what it belongs to. */
interface Shown extends InsideResult {
  /** Text and models, and what is set. */
  readonly of: string;
  readonly set: string;
  readonly models: readonly InsideModel[];
}

/** Between typing and a new run, ms. */
const PAUSE = 500;

/** The elements on the page. */
const connected = new Set<ScreenHost>();

/** The screen's parts. */
export class Inside {
  readonly #chooser: ModelChooser;
  /** The last result of each view. */
  readonly #results = new Map<ViewName, Shown>();
  /** Whether the reader ran it: from then on, what is set runs it again. */
  #begun = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether a run is about to begin. */
  #due = false;
  #width = 0;

  constructor(
    private readonly host: ScreenHost,
    private readonly screen: ScreenController<InsideState, InsideModels, InsideResult>,
  ) {
    this.#chooser = new ModelChooser(host, screen.link, () => {
      if (this.#begun) this.#runAfter(0);
    });
    const sheets = [styles, ...Object.values(VIEW).map((view) => view.styles)].filter(
      (sheet): sheet is CSSResult => !!sheet,
    );
    const root = host.renderRoot as ShadowRoot;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheets.map(({ styleSheet }) => styleSheet!)];
    const elements = Object.assign(
      { 'cloze-drawing': ClozeDrawing },
      ...Object.values(VIEW).map((one) => one.elements),
    );
    for (const [name, element] of Object.entries<CustomElementConstructor>(elements))
      if (!customElements.get(name)) customElements.define(name, element);
    host.addController({
      hostConnected: () => connected.add(host),
      hostDisconnected: () =>
        onceGone(host, () => {
          connected.delete(host);
          if (connected.size === 0) Object.values(VIEW).forEach((view) => view.release?.());
        }),
    });
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry!.contentRect.width);
      if (width === 0 || width === this.#width) return;
      this.#width = width;
      host.requestUpdate();
    }).observe(host);
  }

  // ---- parts of the screen ----------------------------------------------------------------------------------------

  examples(): readonly Example<InsideState>[] {
    const { view } = this.screen.current;
    return this.#view.examples.map(({ name, state }) => ({ name, state: { view, ...state } }));
  }

  doing(): string {
    return say.reading(this.#view.words.label);
  }

  /** The models of this view. */
  needs(): readonly ModelKey[] {
    const { chosen } = this.#chooser;
    return [...new Set(this.#view.needs(this.screen.current, chosen))];
  }

  open(options: Parameters<typeof openModels>[3]): Promise<InsideModels> {
    return openModels(this.host, this.screen.modelName, this.needs(), options);
  }

  check(): Problem | undefined {
    const { current } = this.screen;
    if (this.#view.box !== 'none' && current.text.trim() === '')
      return { at: 'text', code: 'empty_input', message: say.noText };
    return this.#view.check?.(current);
  }

  placeOf(code: string): string {
    const text = ['empty_input', 'input_too_long', 'token_beyond_model', 'no_mask'].includes(code);
    return text && this.#view.box !== 'none' ? 'text' : 'run';
  }

  async perform(models: InsideModels | undefined, signal: AbortSignal): Promise<Shown> {
    const { state } = this.screen.link;
    const view = this.#view;
    const start = performance.now();
    const needs = this.needs();
    const model = (key: ModelKey): InsideModel => models!.get(key)!;
    const tell = (text: string): void => this.screen.announce(text);
    const { of, set } = this.#inputsOf(state.view);
    const { build } = this.host;
    const data = await view.perform({ state, chosen: this.#chooser.chosen, model, signal, build, tell });
    signal.throwIfAborted();
    const { text, pair } = state;
    const ms = performance.now() - start;
    const result = { view: state.view, text, pair, data, ms, of, set, models: needs.map(model) };
    this.#results.set(state.view, result);
    return result;
  }

  summary(result: InsideResult): string {
    return VIEW[result.view].summary(result.data as never, this.#frame);
  }

  copyable(): string | undefined {
    const { shown } = this;
    return shown && this.summary(shown);
  }

  beforeRun(): void {
    this.#begun = true;
    this.#due = false;
    clearTimeout(this.#timer);
  }

  changed(before: InsideState): void {
    const { current } = this.screen;
    const differs = (key: keyof InsideState): boolean => current[key] !== before[key];
    // What the view that was left computes is not waited for; the one that is turned to is computed in its place.
    const instead = differs('view') && this.screen.running;
    if (instead) this.screen.runs.stop();
    if (!this.#begun) return;
    const { shown } = this;
    const { of, set } = this.#inputsOf(current.view);
    const valid = shown?.of === of && shown.set === set;
    const typed = !instead && (['text', 'pair', 'text2'] as const).some(differs);
    if (valid) {
      clearTimeout(this.#timer);
      this.#due = false;
      // What is shown belongs to the state again, or still.
      queueMicrotask(() => emit(this.host, 'cloze-result', shown));
    } else if (!typed) this.#runAfter(0);
    else if (this.#view.live) this.#runAfter(PAUSE);
  }

  facts(): readonly Fact[] {
    const { shown } = this;
    if (!shown) return [];
    const facts = shown.models.flatMap(({ info, runtime }) => modelFacts(info, runtime));
    const once = facts.filter(([name, value], at) => facts.findIndex(([n, v]) => n === name && v === value) === at);
    return [[words.frame.facts.time, milliseconds(shown.ms)], ...once];
  }

  renderAbout(): TemplateResult {
    return html`<p>${say.about}</p>`;
  }

  /** The views to choose from, and what the chosen one shows. */
  renderFirst(): TemplateResult {
    const { view } = this.screen.current;
    const { words: said, paper } = this.#view;
    return html`<fieldset class="views">
        <legend>${say.view}</legend>
        ${VIEWS.filter((name) => name in VIEW).map(
          (name) =>
            html`<label>
              <input
                type="radio"
                name="view"
                value=${name}
                .checked=${view === name}
                @change=${() => this.#turnTo(name)}
              /><span>${VIEW[name].words.label}</span>
            </label>`,
        )}
      </fieldset>
      ${
        shows(this.host, 'explain')
          ? html`<h3>${said.label} ${help(said.help, paper)}</h3>
              <p>${said.about}</p>`
          : nothing
      }`;
  }

  renderInput(): TemplateResult {
    const view = this.#view;
    return html`${view.box === 'none' ? nothing : this.#renderBoxes(view.box)}
    ${this.needs().includes(this.#chooser.chosen) ? this.#chooser.render() : nothing}`;
  }

  renderResults(): TemplateResult {
    const { current } = this.screen;
    const { shown } = this;
    const view = this.#view;
    const frame = this.#frame;
    const controls = view.renderControls?.(frame, shown?.data as never) ?? nothing;
    const foreign =
      this.screen.englishOnly && view.box !== 'none' && this.needs().length > 0
        ? renderForeign(this.screen.host, current.text)
        : nothing;
    if (!shown) return html`${controls} ${this.screen.running ? nothing : emptyState(view.empty)}`;
    return html`<div aria-live="polite" id="foreign">${foreign}</div>
      ${controls}
      <div class="view ${frame.stale ? 'stale' : ''}">
        ${frame.stale ? html`<p class="small muted">${say.stale}</p>` : nothing}
        ${view.render(shown.data as never, frame)}
      </div>
      ${this.#renderSaving(shown)}`;
  }

  // ---- of its own -------------------------------------------------------------------------------------------------

  get #view(): InsideView<never> {
    return VIEW[this.screen.current.view];
  }

  /** The result of the view that is shown. */
  private get shown(): Shown | undefined {
    return this.#results.get(this.screen.current.view);
  }

  /** Shows another view. A text of the reader's own goes with it; an example makes way for one that suits the view. */
  #turnTo(view: ViewName): void {
    const { text, pair } = this.screen.current;
    const examples = Object.values(VIEW).flatMap((one) => one.examples);
    const untouched = [{ state: START }, { state: {} }, ...examples].some(
      ({ state }) => (state.text ?? '') === text && (state.pair ?? '') === pair,
    );
    const first = VIEW[view].examples[0]?.state;
    this.screen.link.change({ view, ...(untouched && first && { pair: '', ...first }) });
    // Nothing has to be loaded for it.
    if (MODELLESS.includes(view)) this.#runAfter(0);
  }

  /** All that a view's result depends on. */
  #inputsOf(view: ViewName): Pick<Shown, 'of' | 'set'> {
    const { current } = this.screen;
    const { text, pair } = current;
    return {
      of: JSON.stringify([text, pair, identityOf(this.host), this.needs()]),
      set: JSON.stringify(VIEW[view].inputs.map((key) => current[key])),
    };
  }

  /** Whether what is shown is not what would be computed now. What was only set is computed at once, and no note flashes up. */
  #isStale(shown: Shown): boolean {
    const { of, set } = this.#inputsOf(shown.view);
    return shown.of !== of || (shown.set !== set && !this.#due && !this.screen.running);
  }

  #runAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#due = true;
    this.#timer = setTimeout(async () => {
      // First the models of another view are asked for.
      await this.host.updateComplete;
      this.#due = false;
      if (this.host.isConnected) void this.screen.run({ unasked: true });
    }, ms);
  }

  get #frame(): Frame {
    const { link, problem } = this.screen;
    const { shown } = this;
    return {
      state: link.current,
      chosen: this.#chooser.chosen,
      change: (change) => link.change(change),
      announce: (said) => this.screen.announce(said),
      problem: (id) => problem.at(id),
      refuse: (key, why) => link.refuse(key, why),
      refusal: (key) => link.refusal(key),
      update: () => this.host.requestUpdate(),
      run: () => void this.screen.run(),
      stale: shown !== undefined && this.#isStale(shown),
      others: this.#chooser.others,
      width: this.#width || 640,
    };
  }

  #renderBoxes(box: 'text' | 'pair' | 'lines'): TemplateResult {
    const { link, problem, current } = this.screen;
    const first = textBox({
      id: 'text',
      label: say.text,
      rows: box === 'lines' ? 5 : 2,
      value: current.text,
      problem: problem.at('text'),
      change: (text) => link.change({ text }),
      describedBy: box === 'lines' ? 'text-about' : '',
    });
    if (box === 'text') return first;
    if (box === 'lines')
      return html`${first}
        <p class="small muted" id="text-about">${say.texts}</p>`;
    return html`<div class="boxes">
      ${first}
      ${textBox({
        id: 'pair',
        label: say.pair,
        rows: 2,
        value: current.pair,
        problem: problem.at('pair'),
        change: (pair) => link.change({ pair }),
        placeholder: say.pairAbout,
      })}
    </div>`;
  }

  #renderSaving(shown: Shown): TemplateResult {
    const kinds = ['svg', 'png', 'csv'] as const;
    const said = insideWords.save;
    return html`<div class="row" role="group" aria-label=${said.label}>
      <span class="small muted" aria-hidden="true">${said.label}</span>
      ${kinds.map(
        (kind) =>
          html`<button type="button" id="save-${kind}" class="chip" @click=${() => void this.#save(shown, kind)}>
            ${said[kind]}
          </button>`,
      )}
    </div>`;
  }

  async #save(shown: Shown, kind: 'svg' | 'png' | 'csv'): Promise<void> {
    const saved = VIEW[shown.view].saved(shown.data as never, this.#frame);
    if (!saved) return;
    const { name, drawing, table } = saved;
    const file = `${name}.${kind}`;
    const place = this.host.renderRoot as ShadowRoot;
    try {
      if (kind === 'csv') download(csvFile(table.columns, table.rows), file);
      else download(kind === 'svg' ? svgFile(drawing, place) : await pngFile(drawing, place), file);
      this.screen.announce(insideWords.save.saved(file));
    } catch {
      this.screen.announce(insideWords.save.failed);
    }
  }
}
