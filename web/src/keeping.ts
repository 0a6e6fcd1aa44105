/** The footer's word on use without a network: what runs then, and a button that keeps the rest. */
import type { DefaultModelState, ProgressInfo } from 'cloze';
import type { Parts } from '../service-worker/site';
import { inMegabytes } from './facts';
import { neededBuilds, partOf, PARTS_OF, type KeepParts } from './offline';
import { keepModel, keepsModels, onKeptChange, ownModels } from './own-models';
import { words } from './words';

const say = words.offline;

/** Between two looks at the storage while it changes, ms. */
const LOOK_EVERY = 1000;

/** What is said in the footer, and what can be done there. */
export class KeepingView {
  readonly #text = document.createElement('span');
  readonly #button = document.createElement('button');
  /** The builds that ran in this visit, and what else was asked for. */
  readonly #used = new Set<string>();
  #parts: Parts = {};
  #models: readonly DefaultModelState[] = [];
  /** Of the fetching that the reader asked for. */
  #fetching: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    place: HTMLElement,
    private readonly keepParts: KeepParts,
  ) {
    this.#button.type = 'button';
    this.#button.hidden = true;
    this.#button.addEventListener('click', () => {
      if (this.#fetching) this.#fetching.abort();
      else void this.#keepAll();
    });
    place.replaceChildren(this.#text, ' ', this.#button);
    onKeptChange(() => (this.#timer ??= setTimeout(() => void this.#look(), LOOK_EVERY)));
  }

  /** These builds ran: their files are at hand, and are kept. */
  async used(...builds: readonly string[]): Promise<void> {
    builds.forEach((build) => this.#used.add(build));
    try {
      this.#parts = await this.keepParts([...this.#used]);
      await this.#look();
    } catch (error) {
      this.#text.textContent = say.failed(messageOf(error));
    }
  }

  /** What the screen Train may fetch on this browser. */
  #forTraining(): string[] {
    const builds = neededBuilds().map((name) => `training/${name}`);
    return Object.keys(this.#parts).filter((name) => name.startsWith('texts/') || builds.includes(name));
  }

  /** The documentation. */
  #ofDocs(): string[] {
    return Object.keys(this.#parts).filter((name) => name.startsWith('docs/'));
  }

  /** Bytes of parts that are not kept. */
  #missing(names: readonly string[]): number {
    return sum(names.map((name) => (this.#parts[name]?.kept === false ? this.#parts[name].bytes : 0)));
  }

  /** Whether a model runs without a network: it is kept, and so is a build that this browser falls back on. */
  #runs({ name, bytes, kept_bytes }: DefaultModelState): boolean {
    return kept_bytes === bytes && neededBuilds().some((build) => this.#parts[PARTS_OF[name](build)]?.kept === true);
  }

  /** The parts that run the models on this browser. */
  #forModels(): string[] {
    return this.#models.flatMap(({ name }) => neededBuilds().map(PARTS_OF[name]));
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#models = await ownModels();
    if (this.#fetching) return;
    const here = this.#models.filter((model) => this.#runs(model));
    const missing = this.#models.filter((model) => !this.#runs(model));
    const names = (models: readonly DefaultModelState[]): string[] =>
      models.map(({ name, bytes }) => say.withSize(say.models[name], inMegabytes(bytes)));
    const training = this.#missing(this.#forTraining());
    const docs = this.#missing(this.#ofDocs());
    const bytes = sum([
      ...this.#models.map((model) => model.bytes - model.kept_bytes),
      this.#missing(this.#forModels()),
      training,
      docs,
    ]);
    const keeps = await keepsModels();
    const all = missing.length === 0;
    const some = keeps ? say.partly(names(here), names(missing)) : say.noModels;
    const models = all ? say.ready(names(here)) : some;
    const rest = [
      ...(training > 0 ? [say.training(inMegabytes(training))] : []),
      ...(docs > 0 ? [say.docs(inMegabytes(docs))] : []),
    ];
    this.#text.textContent = [models, ...(keeps ? rest : [])].join(words.between);
    const hidden = (all && training + docs === 0) || !keeps || neededBuilds().length === 0;
    if (hidden && document.activeElement === this.#button) {
      this.#text.tabIndex = -1;
      this.#text.focus();
    }
    this.#button.hidden = hidden;
    this.#button.textContent = say.keep(inMegabytes(bytes));
  }

  /** Keeps all that is missing, models one after the other. */
  async #keepAll(): Promise<void> {
    const fetching = new AbortController();
    this.#fetching = fetching;
    this.#button.textContent = say.stop;
    let failure: string | undefined;
    try {
      this.#text.textContent = say.fetching;
      for (const model of this.#models.filter(({ bytes, kept_bytes }) => kept_bytes < bytes)) {
        const progress = (told: ProgressInfo): void => this.#tell(model, told);
        this.#used.add(partOf(await keepModel(model, { signal: fetching.signal, progress })));
      }
      for (const part of [...this.#forModels(), ...this.#forTraining(), ...this.#ofDocs()]) this.#used.add(part);
      this.#parts = await this.keepParts([...this.#used]);
    } catch (error) {
      if (!fetching.signal.aborted) failure = say.notKept(messageOf(error));
    }
    this.#fetching = undefined;
    await this.#look();
    if (failure !== undefined) this.#text.textContent = failure;
  }

  #tell({ name }: DefaultModelState, { whole }: ProgressInfo): void {
    if (whole?.total === undefined || this.#fetching?.signal.aborted !== false) return;
    const { loaded, total, rate } = whole;
    const speed = rate === undefined ? undefined : inMegabytes(rate);
    this.#text.textContent = say.keepingModel(say.models[name], inMegabytes(loaded), inMegabytes(total), speed);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
