/**
 * `<cloze-inside>`: what goes on in a model. All but its state is fetched when it is first seen: the other screens need
 * neither its views nor what draws them.
 */
import { html, LitElement, nothing, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import { ClozeError } from '../../border/errors.js';
import type { ModelArgument, PipelineOptions } from '../../index.js';
import { words } from '../../words/index.js';
import { ScreenController, screenProperties } from '../controllers/screen.js';
import { screen } from '../styles/index.js';
import { renderScreen } from '../widgets/frame.js';
import type { Inside, InsideResult } from './inside.js';
import type { InsideModels } from './models.js';
import { insideSchema, MODELLESS, START, type InsideState } from './schema.js';

const say = words.insideTab;

/** Looks into a model. Its events are those of {@link ScreenController}. */
export class ClozeInside extends LitElement {
  static override properties: PropertyDeclarations = screenProperties;
  static override styles: CSSResultGroup = [screen];

  declare model: ModelArgument;
  declare modelName: string | undefined;
  declare token: string | undefined;
  declare dtype: PipelineOptions['dtype'];
  declare build: PipelineOptions['build'];
  declare threads: number | undefined;
  declare autorun: boolean;
  declare shareUrl: (() => string) | undefined;

  /** The rest of the screen, once it is here. */
  #inside: Inside | undefined;
  #arriving: Promise<Inside> | undefined;
  #failed = false;
  #observer: IntersectionObserver | undefined;

  readonly #screen: ScreenController<InsideState, InsideModels, InsideResult> = new ScreenController(
    this,
    { task: 'inside', schema: insideSchema },
    {
      wide: true,
      // Browsers may remember that a module could not be fetched, and never ask again.
      reloads: () => this.#failed,
      start: () => START,
      examples: () => this.#inside?.examples() ?? [],
      verb: () => say.verb,
      doing: () => this.#inside?.doing() ?? say.fetching,
      // A model that the screen was given has a tokenizer of its own to show.
      modelless: () => !this.model && MODELLESS.includes(this.#screen.current.view),
      needs: () => this.#inside?.needs().join(),
      open: async (options) => (await this.#arrive()).open(options),
      check: () => this.#inside?.check(),
      placeOf: (code) => this.#inside?.placeOf(code) ?? 'run',
      // A view without a model may be asked to run before anything has arrived.
      perform: async (models, signal) => (await this.#arrive()).perform(models, signal),
      summary: (result) => this.#inside!.summary(result),
      copyable: () => this.#inside?.copyable(),
      beforeRun: () => this.#inside?.beforeRun(),
      changed: (before) => this.#inside?.changed(before),
      facts: () => this.#inside?.facts() ?? [],
      renderAbout: () =>
        html`<h2>${words.labels.inside}</h2>
          ${this.#inside?.renderAbout() ?? html`<p class="muted">${say.fetching}</p>`}`,
      renderInput: () => this.#inside?.renderInput() ?? html`${nothing}`,
      renderResults: () => this.#inside?.renderResults() ?? html`${nothing}`,
    },
  );

  constructor() {
    super();
    this.autorun = false;
  }

  /** Everything typed and set, as plain JSON. Setting merges the keys; throws on those that do not exist, and values it cannot use. */
  get state(): InsideState {
    return this.#screen.link.state;
  }
  set state(given: Partial<InsideState>) {
    this.#screen.link.merge(given);
  }

  /** The state with what a run chose itself, so that it reproduces the result that is shown. */
  get shareState(): InsideState {
    return this.state;
  }

  /** Loads the model if it is not there yet. */
  load(): Promise<void> {
    return this.#screen.load();
  }

  /** Does the task with what is typed; a run that is under way is replaced. Resolves with the result, if there is one. */
  async run(): Promise<InsideResult | undefined> {
    // What was just set may name other models, and is taken over in the update.
    await this.updateComplete;
    return this.#screen.run();
  }

  /** Stops the run, and the loading of the model if that is what it waits for. */
  stop(): void {
    this.#screen.stop();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      this.#observer?.disconnect();
      // A load says what is wrong with the connection.
      void this.#arrive().catch(() => this.load().catch(() => undefined));
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  protected override render(): TemplateResult {
    return renderScreen(this.#screen);
  }

  #arrive(): Promise<Inside> {
    return (this.#arriving ??= import('./inside.js').then(
      ({ Inside }) => {
        this.#failed = false;
        this.#inside = new Inside(this, this.#screen);
        this.requestUpdate();
        return this.#inside;
      },
      (cause: unknown) => {
        this.#arriving = undefined;
        this.#failed = true;
        throw new ClozeError('network', say.notFetched, {}, { cause });
      },
    ));
  }
}
