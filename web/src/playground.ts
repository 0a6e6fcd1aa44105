/** The playground: the screens, the address that describes them, and the facts of the run. */
import type { BuildOption } from 'cloze';
import type { ModelOffer, ModelUse } from 'cloze/elements';
import { MODEL_SCREENS, type ScreenTask } from 'cloze/screens';
import { showFacts, type Ready } from './facts';
import { complete, formatFragment, MAX_LENGTH, parseFragment, TASKS, type State, type Task } from './fragment';
import { showNote, type NoteAction } from './note';
import { findOffer, isBeside, isHubOffer, OFFERED } from './offer';
import { isKept } from './own-models';
import { fragmentOfRun, runFile } from './run-file';
import { byId, findScreens, isModelScreen, type ScreenElements } from './screens';
import { setUpTabs, type Tabs } from './tabs';
import { words } from './words';

/** Between typing and the address, ms: browsers limit how often it may change. */
const WRITE_AFTER = 300;

/** What the page knows of a screen beside its element. */
interface Known {
  /** The model that is there, and what computes. */
  ready?: Ready | undefined;
  /** Whether the result that is shown belongs to the state as it is: only such a screen is shared with `run=1`. */
  fresh: boolean;
  /** The address of its model, where it is neither the page's own nor on this device's disk. */
  address?: string | undefined;
  /** The address of the model that a link asked for, while the reader has not answered. */
  asked?: string | undefined;
}

/** The screens that offer a better model. */
const OFFERING: readonly ScreenTask[] = ['generate', 'summarize'];

/** The page's settings: `?build=simd128`, `?threads=1`, `?dtype=fp32` is the same page on another build, for comparing. */
const SETTINGS = ['build', 'threads', 'dtype'];

/** The page. */
export class Playground {
  readonly elements: ScreenElements = findScreens();
  readonly tabs: Tabs;
  readonly #known = new Map<Task, Known>(TASKS.map((task) => [task, { fresh: false }]));
  readonly #query = new URLSearchParams(location.search);
  readonly #offer = findOffer();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.tabs = setUpTabs(byId('tabs'), () => {
      this.#writeAddress();
      this.#showFacts();
    });
  }

  /** Begins: hears the screens, and shows what the address says. */
  start(): void {
    for (const name of SETTINGS) {
      const value = this.#query.get(name);
      if (value !== null) for (const task of TASKS) this.elements[task].setAttribute(name, value);
    }
    for (const task of TASKS) this.#hear(task);
    this.#hearModels();
    for (const { task } of MODEL_SCREENS) this.#hearChoice(task);
    void this.#makeOffer();
    addEventListener('hashchange', () => this.#readAddress());
    // A link copied from the address bar right after typing must not miss the last words.
    addEventListener('pagehide', () => {
      if (this.#timer !== undefined) this.#writeAddress();
    });
    this.#readAddress();
    this.#showFacts();
  }

  /** Opens what was dropped on the page; call it in the event's own turn. */
  openDropped(data: DataTransfer): void {
    // A text to learn from, not a model.
    if (this.#current === 'train' && this.elements.train.takeDropped(data)) return;
    const run = runFile(data);
    if (run) return void this.#openRun(run);
    this.tabs.select('models');
    void this.elements.models.openDropped(data);
  }

  /** Shows the screen of a saved run; another file is judged as a model. */
  async #openRun(file: File): Promise<void> {
    const fragment = await fragmentOfRun(file);
    if (fragment !== undefined) {
      location.hash = fragment;
      return;
    }
    // What was dropped can no longer be read: the same once more.
    const data = new DataTransfer();
    data.items.add(file);
    this.tabs.select('models');
    void this.elements.models.openDropped(data);
  }

  /** Says again what the page says of the screen that is shown, in other words. */
  sayAgain(): void {
    this.#showFacts();
  }

  get #current(): Task {
    return this.tabs.current as Task;
  }

  #of(task: Task): Known {
    return this.#known.get(task)!;
  }

  // ---- screens → page ---------------------------------------------------------------------------------------------

  #hear(task: Task): void {
    const element = this.elements[task];
    const known = this.#of(task);
    element.shareUrl = () => this.#link(task);
    element.addEventListener('cloze-change', () => {
      known.fresh = false;
      if (task !== this.#current) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#writeAddress(), WRITE_AFTER);
    });
    element.addEventListener('cloze-ready', (event) => {
      known.ready = (event as CustomEvent<Ready>).detail;
      this.#showFacts();
    });
    element.addEventListener('cloze-result', () => (known.fresh = true));
  }

  #hearModels(): void {
    const { models, train } = this.elements;
    for (const giving of [models, train]) {
      giving.addEventListener('cloze-use', (event) => this.#use((event as CustomEvent<ModelUse>).detail));
      giving.addEventListener('cloze-open', (event) => {
        event.preventDefault();
        this.tabs.select((event as CustomEvent<ScreenTask>).detail);
        byId(`tab-${this.#current}`).focus();
      });
    }
    // Names are looked up elsewhere from now on: what was typed for the hub before is not for that one.
    models.addEventListener('cloze-hub', () => {
      for (const { task } of MODEL_SCREENS) this.elements[task].token = undefined;
    });
  }

  /** Offers a better model on the screens that write; it is used as any other, once it is taken. */
  async #makeOffer(): Promise<void> {
    const offer = await this.#offer;
    for (const task of OFFERING) this.elements[task].offer = offer;
  }

  /** A screen's reader chose a model on the screen itself. */
  #hearChoice(task: ScreenTask): void {
    const element = this.elements[task];
    element.addEventListener('cloze-offer', (event) => {
      event.preventDefault();
      const taken = (event as CustomEvent<ModelOffer | undefined>).detail;
      this.elements.models.use(task, taken?.model ?? '');
      element.modelName = taken?.name;
    });
  }

  /** Gives a screen a model. */
  #use({ task, choice, token }: ModelUse): void {
    const element = this.elements[task];
    const known = this.#of(task);
    const same = element.model === choice.model && (token === undefined || token === element.token);
    element.token = token;
    element.model = choice.model;
    element.modelName = choice.id === '' ? undefined : choice.name;
    known.address = choice.local || choice.id === '' ? undefined : choice.id;
    known.asked = undefined;
    if (choice.id !== '') this.tabs.reveal(task);
    // The same model is not loaded again, and so does not say again that it is ready.
    if (!same) {
      known.ready = undefined;
      known.fresh = false;
    }
    if (task === this.#current) this.#writeAddress();
  }

  #showFacts(): void {
    const threads = this.#query.get('threads');
    showFacts(this.#of(this.#current).ready, {
      build: this.#query.get('build') as BuildOption | null,
      threads: threads === null ? null : Number(threads),
    });
    if (this.#current === 'models') byId('fact-model').textContent = words.facts.ofEachScreen;
    if (this.#current === 'train') byId('fact-model').textContent = words.facts.ofEachRun;
  }

  #note(text: string, action?: NoteAction): void {
    showNote(byId('note'), text, action);
  }

  // ---- page → address ---------------------------------------------------------------------------------------------

  /** All that a link says of a screen. Of the mode only what does not go without saying: most models cannot talk. */
  #described(task: Task, state: Record<string, unknown>): Record<string, unknown> {
    if (!isModelScreen(task)) return state;
    const { address, asked } = this.#of(task);
    const said = this.elements[task].talks || state['mode'] === 'text' || state['message'];
    return { ...state, mode: said ? state['mode'] : undefined, model: asked ?? address };
  }

  #writeAddress(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const task = this.#current;
    let fragment = formatFragment(task, this.#described(task, this.elements[task].state));
    if (fragment.length > MAX_LENGTH) fragment = formatFragment(task, {});
    // replaceState: typing leaves no trail in the history, and fires no hashchange.
    if (fragment !== location.hash) history.replaceState(history.state, '', fragment);
  }

  /** Whoever opens a link has not the files of this device's disk. */
  #usesLocalFiles(task: Task): boolean {
    return isModelScreen(task) && this.elements[task].model !== undefined && this.#of(task).address === undefined;
  }

  #link(task: Task): string {
    const element = this.elements[task];
    // A conversation has been had: there is nothing to run again.
    const run = this.#of(task).fresh && !this.#usesLocalFiles(task) && !element.talks;
    let fragment = formatFragment(task, this.#described(task, element.shareState), run);
    if (fragment.length > MAX_LENGTH) {
      this.#note(words.link.tooLong);
      fragment = formatFragment(task, {});
    }
    return new URL(fragment, location.href).href;
  }

  // ---- address → page ---------------------------------------------------------------------------------------------

  #readAddress(): void {
    clearTimeout(this.#timer);
    const { screen, problems } = parseFragment(location.hash);
    if (screen) problems.push(...this.#setState(screen.task, screen.state));
    this.#note(problems.length === 0 ? '' : words.link.ignored(problems));
    if (!screen) return;
    const { task, state } = screen;
    const known = this.#of(task);
    known.fresh = false;
    this.tabs.select(task);
    const run = (): void => {
      // Failures show in the element itself, beside the control that caused them.
      if (screen.run && isModelScreen(task)) this.elements[task].run().catch(() => undefined);
    };
    const model = state['model'] ?? (namesOnlyTab(state) ? undefined : '');
    if (isModelScreen(task) && typeof model === 'string' && model !== (known.address ?? ''))
      void this.#useLinked(task, model, run);
    else run();
  }

  /** Sets a screen's state; what of it could not be taken as it is, in words. */
  #setState(task: Task, state: State): string[] {
    const element = this.elements[task];
    try {
      if (!namesOnlyTab(state)) element.state = complete(task, state);
    } catch {
      // It throws on what it cannot use, having taken the rest; what that was is found below.
    }
    // Numbers are brought into their limits silently; the reader is told.
    const taken = element.state;
    return Object.entries(state)
      .filter(([key]) => !(key === 'model' && isModelScreen(task)))
      .filter(([key, value]) => JSON.stringify(taken[key]) !== JSON.stringify(value))
      .map(([key, value]) => words.link.cannotBe(key, JSON.stringify(value)));
  }

  /** A link names a model: what is not kept here is only fetched, from wherever that may be, if the reader wants it. */
  async #useLinked(task: ScreenTask, linked: string, run: () => void): Promise<void> {
    this.#of(task).asked = linked;
    const offer = isBeside(linked) ? await this.#offer : undefined;
    // Another link was followed in the meantime.
    if (this.#of(task).asked !== linked) return;
    const model = offer?.model ?? linked;
    const offered = offer !== undefined || isHubOffer(linked);
    const name = offered ? OFFERED : model;
    const use = (): void => {
      this.elements.models.use(task, model);
      if (offered) this.elements[task].modelName = OFFERED;
      // A run begun before the screen has taken the model over would be ended by that.
      void this.elements[task].updateComplete.then(run);
    };
    this.#of(task).asked = model;
    // A reload before the reader has answered asks again.
    if (task === this.#current) this.#writeAddress();
    if (model === '' || (await isKept(model))) use();
    else this.#note(words.link.asksForModel(name), { name: words.link.fetch, act: use });
  }
}

/** A link says all: what it leaves out is at its default. One that only names a tab changes nothing in it. */
const namesOnlyTab = (state: State): boolean => Object.keys(state).length === 0;
