/** The view Fine-tune: Teachable Machine for text. Examples, a model that learns them, and what it makes of others. */
import { html, LitElement, nothing, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { LabelledWords, TuneData } from '../../../training/core-types.js';
import type { LearnerModel, SavedLearner } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { focusControl } from '../../controllers/host.js';
import { problemText } from '../../controllers/problem.js';
import { count, milliseconds, number, transferred } from '../../format.js';
import { styles } from '../../inside/styles.js';
import { shared } from '../../styles/index.js';
import { quoted } from '../../styles/quoted.js';
import { emptyState } from '../../widgets/parts.js';
import { ClozeHelp } from '../../widgets/help.js';
import { LeftPart } from '../keeping/left-part.js';
import { SavePart } from '../keeping/save-part.js';
import { choosable, modelOf } from '../model-choice.js';
import { trainRuns, type TrainRuns } from '../runs.js';
import { stacks } from '../stacks.js';
import type { TrainFrame, TrainView } from '../view.js';
import { AttemptPart } from './attempt-part.js';
import { ExamplesPart } from './examples-part.js';
import { metadataOf, resumeOf, titleOf, type TuneMetadata } from './left.js';
import { MixPart } from './mix-part.js';
import { ModelPart } from './model-part.js';
import { renderResult, summary } from './result-part.js';
import { TuneSession, type TuneOrder, type TuneState } from './session.js';
import { settingsFor } from './settings.js';
import { own } from './styles.js';

const say = trainWords.fineTune;

/** See the head of this file. */
export class FineTuneView extends LitElement implements TrainView {
  static override properties: PropertyDeclarations = { frame: { attribute: false } };
  static override styles: CSSResultGroup = [shared, styles, quoted, own, stacks];

  declare frame: TrainFrame;

  #runs: TrainRuns | undefined;
  readonly #examples = new ExamplesPart({
    requestUpdate: () => this.requestUpdate(),
    announce: (text) => this.frame.announce(text),
    tableTaken: (held_out) => this.#model.change({ held_out }),
    refilled: () => this.#attempt.clear(),
  });
  readonly #model: ModelPart;
  readonly #attempt = new AttemptPart(() => this.requestUpdate());
  readonly #mix = new MixPart(this);
  readonly #save: SavePart;
  readonly #left: LeftPart;
  #session: TuneSession | undefined;
  /** Of the session: what was typed may have another by now. */
  #format: ExamplesPart['format'] = 'sentence';
  #width = 0;
  /** What was announced last. */
  #told: TuneState | undefined;
  #stopHearing: (() => void) | undefined;

  constructor() {
    super();
    if (!customElements.get('cloze-help')) customElements.define('cloze-help', ClozeHelp);
    const view = this as FineTuneView;
    this.#model = new ModelPart({
      requestUpdate: () => this.requestUpdate(),
      setChanged: (set) => this.frame.setChanged('tune', set),
      get runs() {
        return view.runs;
      },
    });
    const around = {
      requestUpdate: () => this.requestUpdate(),
      focusOn: (selector: string) =>
        void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(selector)?.focus()),
      host: () => this.runs.host(),
      get frame() {
        return view.frame;
      },
    };
    this.#save = new SavePart(around, say.defaultName);
    this.#left = new LeftPart(
      around,
      ['fine-tuning', 'tagger'],
      titleOf,
      (metadata) => metadataOf(metadata)?.group,
      (learner) => this.#goOn(learner),
    );
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry!.contentRect.width);
      if (width === 0 || width === this.#width) return;
      this.#width = width;
      this.requestUpdate();
    }).observe(this);
  }

  takeSet(set: string): void {
    this.#model.takeSet(set);
  }

  /** Begins anew; what was learnt before makes way. */
  async run({ unasked = false } = {}): Promise<void> {
    if (this.#session?.busy) return;
    const made = this.#examples.take();
    const { model } = this.#model;
    const at = made ? this.#model.problemAt(this.#examples.format) : this.#examples.firstTrouble;
    if (!made || !model || at !== undefined) {
      if (unasked) return;
      await this.updateComplete;
      return focusControl(this, at ?? 'model');
    }
    const { format, ...data } = made.examples;
    const { values } = this.#model;
    const gpt = model.architecture === 'gpt';
    const twice = gpt && values.compare === 'yes' && values.lm_weight > 0;
    const settings = [settingsFor(format, values, gpt), ...(twice ? [settingsFor(format, values, gpt, 0)] : [])];
    const beside = { view: 'fine-tune', group: crypto.randomUUID(), format, model: model.id, settings } as const;
    const order: TuneOrder = {
      metadata: (leg): TuneMetadata => ({ ...beside, leg }),
      open: async (host, of, options) => {
        const from = await modelOf(model, this.runs);
        if (model.architecture !== 'elmo') return host.fine_tune(from, data as unknown as TuneData, of, options);
        const { epochs, batch_size, learning_rate, seed, held_out_share = 0.2 } = of;
        const settings = { epochs, batch_size, learning_rate, seed, held_out_share };
        return host.elmo_tagger(from as File[], data as unknown as LabelledWords, settings, options);
      },
      settings,
    };
    await this.#follow(order, format);
  }

  /** Goes on with what was kept when its tab was closed. */
  async #goOn(learner: SavedLearner): Promise<void> {
    const beside = metadataOf(learner.metadata);
    if (!beside || this.#session?.busy) return;
    const { format, model, settings } = beside;
    this.#examples.change({ format });
    await this.#follow(
      {
        metadata: (leg): TuneMetadata => ({ ...beside, leg }),
        resume: resumeOf(learner, beside),
        // What is only compared with may not have begun.
        open: async (host, of, options) => {
          const data = this.#session?.main.tune?.data;
          const own = choosable(this.runs.list).find(({ id }) => id === model);
          const from: LearnerModel = own ? await modelOf(own, this.runs) : { run: model };
          return host.fine_tune(from, data!, of, options);
        },
        settings,
      },
      format,
    );
  }

  /** What was learnt before makes way. */
  async #follow(order: TuneOrder, format: ExamplesPart['format']): Promise<void> {
    const before = this.#session;
    this.#attempt.clear();
    const session: TuneSession = new TuneSession(
      order,
      async () => {
        await before?.discard();
        return this.runs.host();
      },
      (what) => this.#heard(session, what),
    );
    this.#session = session;
    this.#told = undefined;
    this.#format = format;
    await session.run();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#examples.connect();
    this.#stopHearing = this.runs.subscribe(() => this.requestUpdate());
    void this.#save.connect();
    void this.#left.connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#examples.disconnect();
    this.#stopHearing?.();
    this.#save.disconnect();
    this.#left.disconnect();
    queueMicrotask(() => {
      if (!this.isConnected) this.#session?.close();
    });
  }

  /** A file of examples. */
  takeDropped(data: DataTransfer): boolean {
    const [file] = data.files;
    if (!file || !/\.(json|csv|tsv|txt)$/iu.test(file.name) || file.name === 'config.json') return false;
    void this.#examples.import(file);
    return true;
  }

  private get runs(): TrainRuns {
    return (this.#runs ??= trainRuns({ build: this.frame.build, threads: this.frame.threads }));
  }

  protected override render(): TemplateResult {
    const busy = this.#session?.busy ?? false;
    const hue = this.#model.model?.architecture === 'gpt' ? 'gpt' : 'bert';
    return html`<div class="steps" data-hue=${hue}>
      ${this.#left.render(busy)} ${this.#examples.render(busy)} ${this.#model.render(this.#examples.format, busy)}
      <div class="row">
        <button type="button" id="start" class="primary" ?disabled=${busy} @click=${() => void this.run()}>
          ${this.#session ? say.again : say.start}
        </button>
        ${this.#renderStop()}
      </div>
      ${this.#renderDoing()} ${this.#renderResult()} ${this.#save.renderModels()}
    </div>`;
  }

  #renderStop(): TemplateResult | typeof nothing {
    const session = this.#session;
    if (session?.busy)
      return html`<button type="button" id="stop" @click=${() => void session.stop()}>${say.stop}</button>`;
    if (session?.state === 'paused')
      return html`<button type="button" id="go-on" @click=${() => void session.resume()}>${say.goOn}</button>`;
    return nothing;
  }

  #renderDoing(): TemplateResult {
    const session = this.#session;
    if (!session) return html`${nothing}`;
    const { prepared, current, state } = session;
    if (state === 'failed') return html`<div class="problem" role="alert"><p>${problemText(session.error)}</p></div>`;
    const [done, total] =
      state === 'preparing' && prepared
        ? [prepared.done, prepared.total]
        : state === 'running' && current.tune
          ? [current.steps.length, current.tune.info.steps]
          : [session.load?.whole?.loaded, session.load?.whole?.total];
    return html`<div class="loading" id="doing">
      <p id="loading-words">${doing(session)}</p>
      ${
        session.busy
          ? total
            ? html`<progress aria-labelledby="loading-words" max=${total} .value=${done ?? 0}></progress>`
            : html`<progress aria-labelledby="loading-words"></progress>`
          : nothing
      }
      ${session.unsaved ? html`<p class="small muted" id="unsaved">${trainWords.keeping.unsaved(problemText(session.unsaved))}</p>` : nothing}
    </div>`;
  }

  #renderResult(): TemplateResult {
    const session = this.#session;
    const { draft } = this.#examples;
    const tune = session?.main.tune;
    return html`<section class="steps" aria-labelledby="result-title">
      <h4 id="result-title">${say.result}</h4>
      ${
        session?.asks
          ? this.#attempt.render(
              this.#format,
              draft.attempt[this.#format],
              draft.tries[this.#format],
              session.busy,
              (text) => {
                this.#examples.change({ attempt: { ...draft.attempt, [this.#format]: text } });
                this.#attempt.ask(session, this.#format, text);
              },
            )
          : nothing
      }
      ${
        session && session.main.steps.length > 0
          ? renderResult(session, {
              host: this,
              width: this.#width || 640,
              announce: (text) => this.frame.announce(text),
            })
          : emptyState(say.empty)
      }
      ${tune?.mix && session && session.main.steps.length > 0 ? this.#mix.render(tune, session, this.#width || 640) : nothing}
      ${tune && session.asks ? this.#save.render({ kind: this.#format, folder: () => tune.folder(), keep: (name) => tune.keep(name) }) : nothing}
    </section>`;
  }

  #heard(session: TuneSession, what: TuneState | 'step' | 'evaluation'): void {
    if (session !== this.#session) return;
    // Screen readers hear where it is, not each step.
    if (session.state !== this.#told) {
      this.#told = session.state;
      const { reading, learning } = say.doing;
      const text = { preparing: reading, running: learning, failed: '' };
      this.frame.announce(text[session.state as keyof typeof text] ?? doing(session));
    }
    if (what === 'over' && session.main.evaluation)
      this.frame.announce(`${doing(session)} ${summary(session.main.evaluation, session.main)}`);
    if (what === 'evaluation' || what === 'over') {
      void this.#mix.look(session);
      const text = this.#examples.draft.attempt[this.#format];
      if (text.trim() !== '') this.#attempt.ask(session, this.#format, text, 0);
    }
    this.requestUpdate();
  }
}

/** What is being done, or was. */
function doing(session: TuneSession): string {
  const { current, legs, load, prepared, state } = session;
  const words = say.doing;
  const at = [number(current.steps.length), number(current.tune?.info.steps ?? 0)] as const;
  if (state === 'opening') {
    const { loaded, total, rate } = load?.whole ?? {};
    return loaded === undefined ? words.opening : words.fetching(transferred(loaded, total, rate));
  }
  if (state === 'preparing') return words.preparing(number(prepared?.done ?? 0), number(prepared?.total ?? 0));
  // The frozen layers have not told how far they are.
  if (state === 'running' && current.steps.length === 0) return words.reading;
  if (state === 'running') return current === legs[0] ? words.running(...at) : words.runningWithout(...at);
  if (state === 'paused') return words.paused(...at);
  if (state === 'over')
    return words.over(count(session.main.tune?.info.examples ?? 0, 'example'), milliseconds(session.main.ms));
  return words.stopped;
}
