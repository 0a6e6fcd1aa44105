/** From scratch: a text, a model, a size, and what comes of it. */
import { html, LitElement, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { TEXTS, type TextName } from '../../../training/data.js';
import type { RunEvent } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { words } from '../../../words/index.js';
import { copyText } from '../../clipboard.js';
import { isCoded, ProblemController } from '../../controllers/problem.js';
import { number } from '../../format.js';
import { styles as insideStyles } from '../../inside/styles.js';
import { shared } from '../../styles/index.js';
import { emptyState, problemBelow } from '../../widgets/parts.js';
import { trainRuns, type ListedRun, type LiveRun, type TrainRuns } from '../runs.js';
import type { TrainFrame, TrainView } from '../view.js';
import { Battery } from './battery.js';
import { Chosen } from './chosen.js';
import { Costs } from './costs.js';
import { CurvesView, hueOfArchitecture } from './curves-view.js';
import { tokenLoss } from './curves.js';
import { loss } from './figures.js';
import { renderBert, renderLeaving, renderModel, renderSettings } from './form.js';
import { Kept, type KeptHost } from './kept.js';
import { advised, LiveView } from './live-view.js';
import { Memory } from './memory.js';
import { renderLinked, renderUnfinished, renderUnready } from './notices.js';
import { Parts } from './parts.js';
import { sampleEvery, writes } from './samples.js';
import { choiceOf, controlOf, nearest, setOf, settingsOf, SIZES, type Choice } from './settings.js';
import { Source } from './source.js';
import { startsOf } from './starts.js';
import { styles } from './styles.js';

const say = trainWords.scratch;

/** The view. */
export class ScratchView extends LitElement implements TrainView, KeptHost {
  static override styles: CSSResultGroup = [shared, insideStyles, styles];

  declare frame: TrainFrame;
  width = 640;

  readonly #memory = new Memory();
  readonly #problem = new ProblemController(this);
  readonly #source = new Source({
    announce: (text) => this.frame.announce(text),
    fail: (error, at) => this.fail(error, at),
    problem: (id) => this.problem(id),
    changed: () => this.#textChanged(),
  });
  readonly #battery = new Battery(this);
  readonly #costs = new Costs(this, () => this.runs.host());
  readonly #curves = new CurvesView(this);
  readonly #parts = new Parts(this);
  readonly #kept = new Kept(this);
  readonly #live = new LiveView(this);
  /** Runs whose events are heard. */
  readonly #heard = new WeakSet<LiveRun>();
  readonly #chosen: Chosen = new Chosen({
    view: this,
    costs: this.#costs,
    problem: (id) => this.problem(id),
    changed: (choice) => this.#choiceChanged(choice),
    title: () => this.#source.title,
  });
  #ignored: readonly string[] = [];
  #leaving: 'go_on' | 'pause' = this.#memory.leaving;
  #starting = false;
  /** Whether the page begins a run: the reader is left where they read. */
  #unasked = false;
  /** Why what trains could not be fetched. */
  #unready: unknown;
  #unsubscribe: (() => void) | undefined;
  #observer: ResizeObserver | undefined;

  // ---- for the frame ----------------------------------------------------------------------------------------------

  takeSet(set: string): void {
    const { choice, text, ignored } = choiceOf(set);
    this.#chosen.choice = choice;
    this.#chosen.refused = {};
    this.#ignored = ignored;
    // A text of the page's own is fetched on a click alone, and then stands in the link.
    this.#linked = TEXTS.find(({ name }) => name === text)?.name;
    if (this.isConnected) void this.#costs.count(choice).catch(() => undefined);
    this.requestUpdate();
  }
  #linked: TextName | undefined;

  async run({ unasked = false } = {}): Promise<void> {
    await this.#start(unasked);
  }

  seenChanged(): void {
    const live = this.runs.current;
    if (!live || this.#leaving !== 'pause') return;
    const { run } = live;
    if (!this.frame.seen && run.state === 'running') {
      this.#live.left = true;
      void run.pause().catch(() => undefined);
    } else if (this.frame.seen && this.#live.left) {
      this.#live.left = false;
      // It may not have come to rest yet.
      if (run.state === 'paused' || run.state === 'running') void run.start().catch(() => undefined);
    }
  }

  takeDropped(data: DataTransfer): boolean {
    return this.#source.takeDropped(data);
  }

  // ---- for the parts ----------------------------------------------------------------------------------------------

  get host(): LitElement {
    return this;
  }

  get runs(): TrainRuns {
    return trainRuns(this.frame);
  }

  get text(): string {
    return this.#source.text;
  }

  clear(at: string): void {
    if (this.#problem.current?.at === at) this.#problem.clear();
  }

  problem(id: string): string | undefined {
    return this.#chosen.refused[id] ?? this.#problem.at(id);
  }

  fail(error: unknown, at: string): void {
    const code = isCoded(error) ? error.code : 'internal';
    const place = code === 'text_too_short' ? 'text' : code === 'invalid_setting' ? controlOf(detail(error)) : at;
    const focus = place === 'run' || this.#unasked ? undefined : place;
    this.#problem.show({ at: place, code, message: advised(error) }, focus);
    this.frame.announce('');
  }

  async open(run: ListedRun): Promise<void> {
    // First the text: as soon as the run is open, the parts begin with one.
    const text = await (await this.runs.host()).text(run.id).catch(() => '');
    const live = await this.runs.resume(run.id);
    this.#kept.show(run.id);
    this.#begin(live, text);
    this.frame.announce(say.kept.opened(run.name, number(live.run.steps_done)));
  }

  async linkOf({ id, settings }: ListedRun): Promise<string> {
    const host = await this.runs.host();
    const bases = await Promise.all(SIZES.map((size) => host.default_settings(settings.architecture, size)));
    const choice = nearest(settings, bases);
    return this.frame.link('scratch', setOf(choice, this.#memory.textOf(id)));
  }

  // ---- life -------------------------------------------------------------------------------------------------------

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unsubscribe = this.runs.subscribe(() => this.#runsChanged());
    this.#observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry!.contentRect.width);
      if (width === 0 || width === this.width) return;
      this.width = width;
      this.requestUpdate();
    });
    this.#observer.observe(this);
    void this.#fetch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#observer?.disconnect();
  }

  /** What trains, so that Start begins at once. */
  async #fetch(): Promise<void> {
    this.#unready = undefined;
    this.requestUpdate();
    try {
      await this.runs.host();
      await this.#costs.count(this.#chosen.choice);
    } catch (error) {
      this.#unready = error;
    }
    this.requestUpdate();
  }

  #runsChanged(): void {
    const live = this.runs.current;
    if (live && !this.#heard.has(live)) this.#begin(live);
    if (live) this.#costs.measured(live);
    this.requestUpdate();
  }

  #textChanged(): void {
    this.clear('text');
    this.#linked = undefined;
    this.#tellSet();
    this.requestUpdate();
  }

  /** Hears a run, and puts what suits its text into the parts. */
  #begin(live: LiveRun, text = this.#source.text): void {
    if (this.#heard.has(live)) return;
    this.#heard.add(live);
    live.run.on_event((event) => this.#hear(live, event));
    this.#parts.begin(live, startsOf(text, this.#memory.textOf(live.run.id)));
  }

  #hear(live: LiveRun, event: RunEvent): void {
    if (event.type === 'sample') this.#parts.samples.came(live, event.sample.step);
    if (event.type === 'over') {
      const held = live.run.history.evaluations.at(-1);
      const nats = held ? tokenLoss(held.parts) : Number.NaN;
      this.frame.announce(trainWords.run.announce.over(number(event.step), loss(nats)));
    }
    if (event.type === 'error') this.frame.announce('');
    if (event.type === 'unsampled') {
      const at = writes(live.run.info.settings.architecture) ? 'prompt' : 'probe';
      this.#problem.show({ at, code: event.error.code, message: advised(event.error) });
    }
  }

  // ---- what is set ------------------------------------------------------------------------------------------------

  #choiceChanged(choice: Choice): void {
    this.#ignored = [];
    if (this.#problem.current?.at !== 'text') this.#problem.clear();
    this.#tellSet();
    void this.#costs.count(choice).catch((error: unknown) => this.fail(error, 'run'));
  }

  #tellSet(): void {
    this.frame.setChanged('scratch', setOf(this.#chosen.choice, this.#source.own ?? this.#linked));
  }

  // ---- a run ------------------------------------------------------------------------------------------------------

  async #start(unasked = false): Promise<void> {
    if (this.#starting) return;
    const [refused] = Object.keys(this.#chosen.refused);
    if (refused !== undefined) return unasked ? undefined : this.#focus(refused);
    this.#problem.clear();
    this.#starting = true;
    this.#unasked = unasked;
    // Of a text that the link or the page names, Start is the click.
    if (this.#source.text === '' && this.#linked !== undefined) await this.#source.take(this.#linked);
    if (this.#source.text.trim() === '') {
      [this.#starting, this.#unasked] = [false, false];
      const message = say.text.none;
      // A text that could not be fetched has said so.
      if (!this.#problem.current)
        this.#problem.show({ at: 'text', code: 'empty_input', message }, unasked ? undefined : 'text');
      return;
    }
    this.frame.announce(say.starting);
    this.requestUpdate();
    try {
      const live = await this.#make();
      await live.run.start();
      this.frame.announce(trainWords.run.announce.started(live.run.name));
      if (!unasked) await this.#showResults();
    } catch (error) {
      this.fail(error, 'run');
    }
    [this.#starting, this.#unasked] = [false, false];
    this.requestUpdate();
  }

  async #make(): Promise<LiveRun> {
    const { choice } = this.#chosen;
    const { architecture, size } = choice;
    const host = await this.runs.host();
    const base = this.#costs.base(architecture, size) ?? (await host.default_settings(architecture, size));
    const { text, own } = this.#source;
    const { prompt, probe } = startsOf(text, own);
    const live = await this.runs.begin(settingsOf(choice, base), text, {
      name: this.#chosen.freshName(this.runs.list.map((run) => run.name)),
      sample: { prompt, probe, top_k: 3 },
      // The curve is to be seen from the first seconds on.
      evaluate_every: 20,
      evaluate_batches: 4,
      sample_every: sampleEvery(this.#parts.samples.times, 0),
      // The view pauses a run itself, as the page has tabs of its own.
      when_hidden: 'go_on',
    });
    this.#memory.remember(live.run.id, own);
    this.#kept.show(live.run.id);
    this.#begin(live, text);
    return live;
  }

  async #share(): Promise<void> {
    const { own } = this.#source;
    const link = this.frame.link('scratch', setOf(this.#chosen.choice, own ?? this.#linked));
    const title = TEXTS.find(({ name }) => name === own)?.title;
    const content = [say.linkContent, title === undefined ? '' : say.linkNamesText(title)]
      .filter((text) => text !== '')
      .join(words.frame.marks.between);
    this.frame.announce((await copyText(link)) ? words.frame.linkCopied(content) : words.frame.cannotCopyLink(link));
  }

  /** The form is long: the run would begin out of sight. */
  async #showResults(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('#pause')?.focus({ preventScroll: true });
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.renderRoot.querySelector('#results-title')?.scrollIntoView({ behavior: calm ? 'auto' : 'smooth' });
  }

  #focus(id: string): void {
    const control = this.renderRoot.querySelector<HTMLElement>(`#${id}`);
    const folded = control?.closest('details');
    if (folded) folded.open = true;
    control?.focus();
  }

  // ---- drawn ------------------------------------------------------------------------------------------------------

  protected override render(): TemplateResult {
    const live = this.runs.current;
    const { form, choice } = this.#chosen;
    return html`<div class="screen">
      ${this.#renderUnfinished()}
      <div class="input" data-hue=${hueOfArchitecture(choice.architecture)}>
        ${this.#ignored.length > 0 ? html`<p class="caution small">${say.ignored(this.#ignored)}</p>` : nothing}
        ${this.#source.render()} ${this.#renderLinked()}
        ${this.#unready === undefined ? nothing : renderUnready(this.#unready, () => void this.#fetch())}
        ${renderModel(form)} ${renderBert(form)} ${renderSettings(form)}
        ${renderLeaving(this.#leaving, (value) => this.#leave(value))}
        <p class="small muted">${say.heat} ${this.#battery.said}</p>
        <div class="row">
          <button
            type="button"
            id="run"
            class="primary"
            aria-disabled=${this.#starting ? 'true' : 'false'}
            @click=${() => void this.#start()}
          >
            ${say.start}
          </button>
          <button type="button" class="quiet" id="share" @click=${() => void this.#share()}>${say.linkRun}</button>
        </div>
        ${problemBelow('run', this.#problem.at('run'))}
      </div>
      <section
        class="results"
        data-hue=${hueOfArchitecture(live?.run.info.settings.architecture ?? choice.architecture)}
        aria-labelledby="results-title"
        aria-busy=${live?.run.state === 'running' ? 'true' : 'false'}
      >
        <h3 id="results-title">${trainWords.run.results}</h3>
        ${live ? this.#renderLive(live) : this.#renderIdle()} ${this.#kept.render()}
      </section>
    </div>`;
  }

  #renderLive(live: LiveRun): TemplateResult {
    return html`${this.#live.renderHead(live)} ${this.#live.renderFigures(live)}
    ${this.#curves.render(this.#kept.drawn())} ${this.#parts.samples.render(live)} ${this.#live.renderUse(live)}
    ${this.#parts.renderFolded(live)}`;
  }

  /** No run is open: those that are ticked in the list are drawn all the same. */
  #renderIdle(): TemplateResult {
    const drawn = this.#kept.drawn();
    return drawn.some(({ history }) => history) ? this.#curves.render(drawn) : emptyState(trainWords.run.empty);
  }

  /** A run from before that did not come to its end, before any is open. */
  #renderUnfinished(): TemplateResult | typeof nothing {
    if (this.runs.current) return nothing;
    const run = this.runs.list.find(({ steps, settings, saved }) => steps < settings.steps && saved?.open === false);
    if (!run) return nothing;
    return renderUnfinished(run, () => {
      void this.open(run)
        .then(() => this.runs.current?.run.start())
        .catch((error: unknown) => this.fail(error, 'run'));
    });
  }

  #renderLinked(): TemplateResult | typeof nothing {
    const linked = this.#linked;
    if (linked === undefined || this.#source.text !== '') return nothing;
    return renderLinked(linked, () => void this.#source.take(linked));
  }

  #leave(value: 'go_on' | 'pause'): void {
    this.#leaving = value;
    this.#memory.leaving = value;
    this.requestUpdate();
  }
}

const detail = (error: unknown): unknown =>
  isCoded(error) ? (error.details as { setting?: unknown } | undefined)?.setting : undefined;
