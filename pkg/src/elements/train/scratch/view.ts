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
import { AttentionPart } from './attention.js';
import { BatchPart } from './batch.js';
import { Battery } from './battery.js';
import { ContextsPart } from './contexts.js';
import { Costs } from './costs.js';
import { CurvesView, hueOfArchitecture } from './curves-view.js';
import { tokenLoss } from './curves.js';
import { loss } from './figures.js';
import { DependencePart } from './dependence.js';
import { differences, renderBert, renderLeaving, renderModel, renderSettings, type Form } from './form.js';
import { Kept, type KeptHost } from './kept.js';
import { advised, LiveView } from './live-view.js';
import { Memory } from './memory.js';
import { PairPart } from './pair.js';
import { sampleEvery, Samples } from './samples.js';
import {
  changesOf,
  choiceOf,
  controlOf,
  FIRST,
  setOf,
  settingsOf,
  SIZES,
  type Changes,
  type Choice,
} from './settings.js';
import { Source } from './source.js';
import { startsOf } from './starts.js';
import { styles } from './styles.js';
import { VocabularyPart } from './vocabulary.js';

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
  readonly #samples = new Samples(this);
  readonly #attention = new AttentionPart(this);
  readonly #batch = new BatchPart(this);
  readonly #vocabulary = new VocabularyPart(this);
  readonly #contexts = new ContextsPart(this);
  readonly #dependence = new DependencePart(this);
  readonly #pair = new PairPart(this);
  readonly #kept = new Kept(this);
  readonly #live = new LiveView(this);
  /** Runs whose events are heard. */
  readonly #heard = new WeakSet<LiveRun>();
  #choice: Choice = FIRST;
  #refused: Readonly<Record<string, string>> = {};
  #named: string | undefined;
  #ignored: readonly string[] = [];
  #leaving: 'go_on' | 'pause' = this.#memory.leaving;
  #starting = false;
  /** Why what trains could not be fetched. */
  #unready: unknown;
  #unsubscribe: (() => void) | undefined;
  #observer: ResizeObserver | undefined;

  // ---- for the frame ----------------------------------------------------------------------------------------------

  takeSet(set: string): void {
    const { choice, text, ignored } = choiceOf(set);
    this.#choice = choice;
    this.#ignored = ignored;
    this.#refused = {};
    // A text of the page's own is fetched on a click alone, and then stands in the link.
    this.#linked = TEXTS.find(({ name }) => name === text)?.name;
    if (this.isConnected) void this.#costs.count(choice).catch(() => undefined);
    this.requestUpdate();
  }
  #linked: TextName | undefined;

  async run(): Promise<void> {
    await this.#start();
  }

  seenChanged(): void {
    const live = this.runs.current;
    if (!live || this.#leaving !== 'pause') return;
    const { run } = live;
    if (!this.frame.seen && run.state === 'running') {
      this.#live.left = true;
      void run.pause();
    } else if (this.frame.seen && this.#live.left) {
      this.#live.left = false;
      if (run.state === 'paused') void run.start();
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

  problem(id: string): string | undefined {
    return this.#refused[id] ?? this.#problem.at(id);
  }

  fail(error: unknown, at: string): void {
    const code = isCoded(error) ? error.code : 'internal';
    const place = code === 'text_too_short' ? 'text' : code === 'invalid_setting' ? controlOf(detail(error)) : at;
    this.#problem.show({ at: place, code, message: advised(error) }, place === 'run' ? undefined : place);
    this.frame.announce('');
  }

  async open(run: ListedRun): Promise<void> {
    const live = await this.runs.resume(run.id);
    this.#kept.show(run.id);
    this.#begin(live, await (await this.runs.host()).text(run.id).catch(() => ''));
    this.frame.announce(say.kept.opened(run.name, number(live.run.steps_done)));
  }

  async linkOf({ id, settings }: ListedRun): Promise<string> {
    const host = await this.runs.host();
    const bases = await Promise.all(SIZES.map((size) => host.default_settings(settings.architecture, size)));
    const choices = bases.map((base, at): Choice => ({
      architecture: settings.architecture,
      size: SIZES[at]!,
      changes: changesOf(settings, base),
    }));
    // A run is of the size from which it differs least.
    const extent = ({ changes }: Choice): number => Object.keys(changes).length;
    const choice = choices.reduce((best, one) => (extent(one) < extent(best) ? one : best));
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
      await this.#costs.count(this.#choice);
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
    if (this.#problem.current?.at === 'text') this.#problem.clear();
    this.#linked = undefined;
    this.#tellSet();
    this.requestUpdate();
  }

  /** Hears a run, and puts what suits its text into the parts. */
  #begin(live: LiveRun, text = this.#source.text): void {
    if (this.#heard.has(live)) return;
    this.#heard.add(live);
    live.run.on_event((event) => this.#hear(live, event));
    const { prompt, probe } = live.run.plan.sample;
    const starts = startsOf(text, this.#memory.textOf(live.run.id));
    this.#samples.prompt = prompt || starts.prompt;
    this.#samples.probe = probe || starts.probe;
    this.#attention.text = starts.sentence;
    this.#dependence.text = starts.double;
    this.#vocabulary.sentence = starts.sentence;
    [this.#pair.a, this.#pair.b] = starts.pair;
    [this.#contexts.a, this.#contexts.b] = starts.contexts;
    this.#contexts.word = starts.word;
  }

  #hear(live: LiveRun, event: RunEvent): void {
    if (event.type === 'sample') this.#samples.came(live);
    if (event.type === 'over') {
      const held = live.run.history.evaluations.at(-1);
      const nats = held ? tokenLoss(held.parts) : Number.NaN;
      this.frame.announce(trainWords.run.announce.over(number(event.step), loss(nats)));
    }
    if (event.type === 'error') this.frame.announce('');
  }

  // ---- what is set ------------------------------------------------------------------------------------------------

  get #form(): Form {
    const { architecture, size } = this.#choice;
    const base = this.#costs.base(architecture, size);
    return {
      choice: this.#choice,
      settings: base && settingsOf(this.#choice, base),
      costs: this.#costs.of(architecture),
      name: this.#runName(),
      named: this.#named,
      problem: (id) => this.problem(id),
      choose: (change) => this.#set({ ...this.#choice, ...change }),
      set: (changes) => this.#change(changes),
      unset: () => {
        const { mlm, nsp, always_mask } = this.#choice.changes;
        const kept = Object.entries({ mlm, nsp, always_mask }).filter(([, value]) => value !== undefined);
        this.#refused = {};
        this.#set({ ...this.#choice, changes: Object.fromEntries(kept) as Changes });
      },
      rename: (name) => {
        this.#named = name.trim() === '' ? undefined : name;
        this.requestUpdate();
      },
      refuse: (key, why) => {
        this.#refused = { ...this.#refused, [key]: why };
        this.requestUpdate();
      },
    };
  }

  /** Settings were changed; those that are at the size's own again are no changes. */
  #change(changes: Changes): void {
    const { architecture, size } = this.#choice;
    const base = this.#costs.base(architecture, size);
    const all = { ...this.#choice.changes, ...changes };
    this.#refused = Object.fromEntries(Object.entries(this.#refused).filter(([key]) => !(key in changes)));
    const changed = base ? changesOf(settingsOf({ ...this.#choice, changes: all }, base), base) : all;
    // Of the other models' switches nothing is forgotten.
    this.#set({ ...this.#choice, changes: changed });
  }

  #set(choice: Choice): void {
    this.#choice = choice;
    this.#ignored = [];
    if (this.#problem.current?.at !== 'text') this.#problem.clear();
    this.#tellSet();
    void this.#costs.count(choice).catch((error: unknown) => this.fail(error, 'run'));
    this.requestUpdate();
  }

  #tellSet(): void {
    this.frame.setChanged('scratch', setOf(this.#choice, this.#source.own ?? this.#linked));
  }

  #runName(): string {
    const { architecture, size } = this.#choice;
    const { name: model, size: of } = { name: say.model.names[architecture], size: say.size.names[size] };
    const text = this.#source.title;
    return say.runName(model, of, text, differences(this.#choice));
  }

  /** A name that no other run has. */
  #freshName(): string {
    const name = this.#named ?? this.#runName();
    const taken = new Set(this.runs.list.map((run) => run.name));
    for (let at = 2; ; at++) {
      const fresh = at === 2 && !taken.has(name) ? name : `${name} (${at})`;
      if (!taken.has(fresh)) return fresh;
    }
  }

  // ---- a run ------------------------------------------------------------------------------------------------------

  async #start(): Promise<void> {
    if (this.#starting) return;
    const [refused] = Object.keys(this.#refused);
    if (refused !== undefined) return this.#focus(refused);
    if (this.#source.text.trim() === '') {
      this.#problem.show({ at: 'text', code: 'empty_input', message: say.text.none }, 'text');
      return;
    }
    this.#problem.clear();
    this.#starting = true;
    this.frame.announce(say.starting);
    this.requestUpdate();
    try {
      const live = await this.#make();
      await live.run.start();
      this.frame.announce(trainWords.run.announce.started(live.run.name));
      await this.#showResults();
    } catch (error) {
      this.fail(error, 'run');
    }
    this.#starting = false;
    this.requestUpdate();
  }

  async #make(): Promise<LiveRun> {
    const { architecture, size } = this.#choice;
    const host = await this.runs.host();
    const base = this.#costs.base(architecture, size) ?? (await host.default_settings(architecture, size));
    const { text, own } = this.#source;
    const { prompt, probe } = startsOf(text, own);
    const live = await this.runs.begin(settingsOf(this.#choice, base), text, {
      name: this.#freshName(),
      sample: { prompt, probe, top_k: 3 },
      sample_every: sampleEvery(this.#samples.times, 0),
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
    const link = this.frame.link('scratch', setOf(this.#choice, own ?? this.#linked));
    const title = TEXTS.find(({ name }) => name === own)?.title;
    const content = [say.linkContent, title === undefined ? '' : say.linkNamesText(title)].join(' ').trim();
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
    return html`<div class="screen">
      ${this.#renderUnfinished()}
      <div class="input" data-hue=${hueOfArchitecture(this.#choice.architecture)}>
        ${this.#ignored.length > 0 ? html`<p class="caution small">${say.ignored(this.#ignored)}</p>` : nothing}
        ${this.#source.render()} ${this.#renderLinked()}
        ${this.#unready === undefined ? nothing : this.#renderUnready()} ${renderModel(this.#form)}
        ${renderBert(this.#form)} ${renderSettings(this.#form)}
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
        data-hue=${hueOfArchitecture(live?.run.info.settings.architecture ?? this.#choice.architecture)}
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
      ${this.#curves.render(this.#kept.drawn())} ${this.#samples.render(live)} ${this.#live.renderUse(live)}
      <div class="parts">
        ${this.#attention.render(live)} ${this.#pair.render(live)} ${this.#dependence.render(live)}
        ${this.#contexts.render(live)} ${this.#batch.render(live)} ${this.#vocabulary.render(live)}
      </div>`;
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
    const { name, steps, settings } = run;
    const open = (): void =>
      void this.open(run)
        .then(() => this.runs.current?.run.start())
        .catch((error: unknown) => this.fail(error, 'run'));
    return html`<div class="offer" id="unfinished">
      <p>${say.kept.unfinished(name, number(steps), number(settings.steps))}</p>
      <div class="row">
        <button type="button" id="go-on" @click=${open}>${say.kept.goOn}</button>
      </div>
    </div>`;
  }

  #renderLinked(): TemplateResult | typeof nothing {
    const linked = this.#linked;
    if (linked === undefined || this.#source.text !== '') return nothing;
    const { title, bytes } = TEXTS.find(({ name }) => name === linked)!;
    return html`<div class="row">
      <button type="button" id="take-linked" @click=${() => void this.#source.take(linked)}>
        ${say.text.takeLinked(title, number(bytes / 1000))}
      </button>
    </div>`;
  }

  #renderUnready(): TemplateResult {
    return html`<div class="problem" role="alert">
        <p>${say.notReady}: ${advised(this.#unready)}</p>
      </div>
      <div class="row">
        <button type="button" id="retry" @click=${() => void this.#fetch()}>${say.retry}</button>
      </div>`;
  }

  #leave(value: 'go_on' | 'pause'): void {
    this.#leaving = value;
    this.#memory.leaving = value;
    this.requestUpdate();
  }
}

const detail = (error: unknown): unknown =>
  isCoded(error) ? (error.details as { setting?: unknown } | undefined)?.setting : undefined;
