/** The view ChatGPT's steps: answers to imitate, a judge made of the reader's choices, a push towards what was chosen. */
import { html, LitElement, nothing, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { ChatPhase, LearnerModel, SavedLearner } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { words } from '../../../words/index.js';
import { focusControl } from '../../controllers/host.js';
import { count, number } from '../../format.js';
import { styles } from '../../inside/styles.js';
import { papers } from '../../papers.js';
import { gptHue, shared } from '../../styles/index.js';
import { quoted } from '../../styles/quoted.js';
import { linesOf } from '../fine-tune/draft.js';
import { own as fineTuneStyles } from '../fine-tune/styles.js';
import { Kept } from '../keeping/kept.js';
import { LeftPart } from '../keeping/left-part.js';
import { SavePart } from '../keeping/save-part.js';
import { choosable, modelOf, renderModelChoice } from '../model-choice.js';
import { trainRuns, type TrainRuns } from '../runs.js';
import { NumberBoxes, plain, setOf, valuesOf } from '../values.js';
import { stacks } from '../stacks.js';
import type { TrainFrame, TrainView } from '../view.js';
import { AnswersPart } from './answers-part.js';
import { AskPart } from './ask-part.js';
import { ChoicePart } from './choice-part.js';
import {
  DEFAULTS,
  examplesOf,
  FIELDS,
  LEAST_CHOICES,
  LEAST_EXAMPLES,
  START,
  type ChatDraft,
  type ChatValues,
} from './draft.js';
import { JudgePart } from './judge-part.js';
import { metadataOf, titleOf } from './log.js';
import { renderSamples } from './result-part.js';
import { ChatSession, type ChatState } from './session.js';
import { doing, StartPart } from './start-part.js';
import { own } from './styles.js';

const say = trainWords.chatSteps;

/** See the head of this file. */
export class ChatStepsView extends LitElement implements TrainView {
  static override properties: PropertyDeclarations = { frame: { attribute: false } };
  static override styles: CSSResultGroup = [shared, gptHue, styles, quoted, fineTuneStyles, own, stacks];

  declare frame: TrainFrame;

  #values: ChatValues = DEFAULTS;
  #runs: TrainRuns | undefined;
  /** By model: another one begins at step 1, and what this one has learnt stays. */
  readonly #sessions = new Map<string, ChatSession>();
  /** What is wrong with a control, by its id. */
  #problem: { readonly at: string; readonly message: string } | undefined;
  #full = false;
  #width = 0;
  /** What was announced last. */
  #told: ChatState | undefined;
  #stopHearing: (() => void) | undefined;
  readonly #kept = new Kept<ChatDraft>('cloze.train.chat-steps', START, (what) => {
    if (what !== 'changed') this.#full = what === 'full';
    this.requestUpdate();
  });
  readonly #boxes = new NumberBoxes(
    FIELDS,
    (key, value) => this.#set({ [key]: value }),
    () => this.requestUpdate(),
  );
  readonly #answers: AnswersPart;
  readonly #ask: AskPart;
  readonly #choices: ChoicePart;
  readonly #judge: JudgePart;
  readonly #save: SavePart;
  readonly #left: LeftPart;
  readonly #start: StartPart;

  constructor() {
    super();
    const view = this as ChatStepsView;
    const around = {
      requestUpdate: () => this.requestUpdate(),
      change: (change: Partial<ChatDraft>) => this.#change(change),
      session: () => this.#open(),
      focusOn: (selector: string) =>
        void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(selector)?.focus()),
      host: () => this.runs.host(),
      prompts: () => this.#prompts,
      get frame() {
        return view.frame;
      },
      get draft() {
        return view.#kept.value;
      },
    };
    this.#answers = new AnswersPart(around);
    this.#ask = new AskPart(around);
    this.#choices = new ChoicePart(around);
    this.#judge = new JudgePart(around);
    this.#save = new SavePart(around, say.defaultName);
    this.#left = new LeftPart(
      around,
      ['chat'],
      titleOf,
      () => undefined,
      (learner) => this.#goOn(learner),
    );
    this.#start = new StartPart({
      begin: (phase) => void this.#begin(phase),
      anew: () => this.#anew(),
      plot: () => ({ host: this, width: this.#width || 640, announce: (text) => this.frame.announce(text) }),
    });
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry!.contentRect.width);
      if (width === 0 || width === this.#width) return;
      this.#width = width;
      this.requestUpdate();
    }).observe(this);
  }

  takeSet(set: string): void {
    this.#values = valuesOf(FIELDS, set);
    this.#turned();
  }

  /** Begins the first step that was not taken yet. */
  run(): Promise<void> {
    const done = (phase: ChatPhase): boolean => (this.#session?.logs.get(phase)?.steps.length ?? 0) > 0;
    return this.#begin(done('supervised') ? (done('reward') ? 'preference' : 'reward') : 'supervised');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#kept.connect();
    this.#stopHearing = this.runs.subscribe(() => this.requestUpdate());
    void this.#save.connect();
    void this.#left.connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#kept.disconnect();
    this.#stopHearing?.();
    this.#save.disconnect();
    this.#left.disconnect();
    queueMicrotask(() => {
      if (!this.isConnected) this.#sessions.forEach((session) => session.close());
    });
  }

  private get runs(): TrainRuns {
    return (this.#runs ??= trainRuns({ build: this.frame.build, threads: this.frame.threads }));
  }

  get #prompts(): readonly string[] {
    return linesOf(this.#kept.value.prompts).map(({ line }) => line);
  }

  // ---- what happens -----------------------------------------------------------------------------------------------

  #change(change: Partial<ChatDraft>): void {
    this.#kept.change(change);
    this.#problem = undefined;
    this.requestUpdate();
  }

  #set(change: Partial<ChatValues>): void {
    this.#values = { ...this.#values, ...change };
    this.frame.setChanged('chat', setOf(FIELDS, this.#values));
    if (change.model !== undefined) this.#turned();
    this.requestUpdate();
  }

  /** What was said belongs to another model. */
  #turned(): void {
    this.#ask.clear();
    this.#judge.clear();
    this.requestUpdate();
  }

  /** Lets go what the chosen model has learnt. */
  #anew(): void {
    void this.#session?.discard();
    this.#sessions.delete(this.#values.model);
    this.#turned();
  }

  get #session(): ChatSession | undefined {
    return this.#sessions.get(this.#values.model);
  }

  #open(): ChatSession | undefined {
    const model = choosable(this.runs.list, 'gpt').find(({ id }) => id === this.#values.model);
    if (!model) {
      focusControl(this, 'model');
      return undefined;
    }
    if (this.#session) return this.#session;
    return this.#made(model.id, () => modelOf(model, this.runs));
  }

  #made(id: string, model: () => Promise<LearnerModel>, left?: string): ChatSession {
    // Its settings may be changed while another model is chosen.
    const values = (): ChatValues => ({ ...this.#values, model: id });
    const session: ChatSession = new ChatSession(
      { model, values, ...(left !== undefined && { left }) },
      () => this.runs.host(),
      () => this.#heard(session),
    );
    this.#sessions.set(id, session);
    return session;
  }

  /** Goes on with what was kept when its tab was closed; what the same model has learnt since makes way. */
  async #goOn({ id, metadata }: SavedLearner): Promise<void> {
    const model = metadataOf(metadata)?.model;
    if (model === undefined || this.#session?.taken) return;
    this.#set({ model });
    await this.#session?.discard();
    const session = this.#made(model, () => Promise.resolve({ run: model }), id);
    await session.goOn({ prompts: this.#prompts, choices: this.#kept.value.choices });
  }

  #heard(session: ChatSession): void {
    if (session !== this.#session) return;
    if (session.state !== this.#told) {
      this.#told = session.state;
      this.frame.announce(session.state === 'running' ? say.doing.learning : doing(session));
    }
    this.requestUpdate();
  }

  async #begin(phase: ChatPhase): Promise<void> {
    const refused = this.#boxes.refused;
    this.#problem = refused === undefined ? this.#lacks(phase) : undefined;
    this.requestUpdate();
    const at = refused ?? this.#problem?.at;
    if (at !== undefined) {
      await this.updateComplete;
      return focusControl(this, at);
    }
    const session = this.#open();
    const { examples, choices } = this.#kept.value;
    if (phase === 'supervised') await session?.supervise(examplesOf(examples).examples, this.#prompts);
    else if (phase === 'reward') await session?.judge(choices);
    else await session?.prefer(choices, this.#prompts);
    this.#judge.ask(0);
  }

  /** What is missing for a step. */
  #lacks(phase: ChatPhase): { at: string; message: string } | undefined {
    const { examples: typed, choices } = this.#kept.value;
    const { few, parts } = say.troubles;
    if (phase !== 'supervised') {
      const enough = choices.length >= LEAST_CHOICES;
      return enough ? undefined : { at: 'write', message: say.reward.few(number(LEAST_CHOICES)) };
    }
    const { examples, wrong } = examplesOf(typed);
    if (wrong !== undefined) return { at: 'examples', message: parts(number(wrong)) };
    return examples.length < LEAST_EXAMPLES ? { at: 'examples', message: few(number(LEAST_EXAMPLES)) } : undefined;
  }

  // ---- how it looks -----------------------------------------------------------------------------------------------

  protected override updated(): void {
    this.#choices.focusOn(this.renderRoot);
  }

  protected override render(): TemplateResult {
    const session = this.#session;
    return html`<div class="steps">
      <p class="caution">${say.honest}</p>
      ${this.#left.render(session?.taken ?? false)} ${this.#renderModel()} ${this.#renderSupervised()}
      ${this.#renderReward()} ${this.#renderPreference()} ${renderSamples(session)}
      ${this.#ask.render(session?.taken ?? false)}
      ${
        session && session.logs.size > 0
          ? this.#save.render({
              kind: 'chat',
              folder: () => session.folder(),
              keep: (name) => session.keep(name),
            })
          : nothing
      }
      ${this.#save.renderModels()}
    </div>`;
  }

  #renderModel(): TemplateResult {
    const { settings } = say;
    const busy = this.#session?.busy ?? false;
    const values = this.#values;
    const keys = ['epochs', 'batch_size', 'learning_rate', 'preference_rate', 'beta', 'max_length', 'seed'] as const;
    return html`<section aria-labelledby="chat-model-title">
      <h4 id="chat-model-title" class="hidden-text">${trainWords.modelChoice.label}</h4>
      ${renderModelChoice(choosable(this.runs.list, 'gpt'), values.model, {
        disabled: busy,
        choose: (model) => this.#set({ model }),
        about: html`${say.aboutModel}${words.frame.marks.between}${say.changed}`,
      })}
      <details>
        <summary>
          ${words.frame.settings}
          <span class="muted">${settings.summary(count(values.epochs, 'epoch'), plain(values.beta))}</span>
        </summary>
        <div class="inside">
          <p class="small muted">${say.settings.about}</p>
          <div class="settings">${keys.map((key) => this.#boxes.render(key, values, settings[key], busy))}</div>
        </div>
      </details>
    </section>`;
  }

  #renderSupervised(): TemplateResult {
    const { supervised } = say;
    return html`<section aria-labelledby="supervised-title">
      <h4 id="supervised-title">${supervised.heading}</h4>
      <p>${supervised.about} ${paper(papers.instructGpt)}</p>
      ${this.#answers.render(this.#problemAt('examples'))} ${this.#start.render(this.#session, 'supervised')}
    </section>`;
  }

  #renderReward(): TemplateResult {
    const { reward } = say;
    const checked = this.#session?.logs.get('reward')?.checked;
    return html`<section aria-labelledby="reward-title">
      <h4 id="reward-title">${reward.heading}</h4>
      <p>${reward.about} ${paper(papers.instructGpt)}</p>
      ${this.#choices.render(this.#session, this.#problemAt('write'))}
      ${this.#full ? html`<div class="problem" role="alert"><p>${say.notKept}</p></div>` : nothing}
      ${this.#start.render(this.#session, 'reward')}
      ${
        checked && checked.of > 0
          ? html`<p id="judged">
              ${reward.accuracy(`${number((100 * checked.right) / checked.of)} %`, number(checked.right), number(checked.of))}
              <span class="small muted">${checked.of < 20 ? reward.accuracyNote : nothing}</span>
            </p>`
          : nothing
      }
      ${this.#judge.render(this.#session)}
    </section>`;
  }

  #renderPreference(): TemplateResult {
    const { preference } = say;
    const last = this.#session?.logs
      .get('preference')
      ?.steps.at(-1)
      ?.parts.find(({ name }) => name === 'dpo');
    return html`<section aria-labelledby="preference-title">
      <h4 id="preference-title">${preference.heading}</h4>
      <p>${preference.about} ${paper(papers.dpo)}</p>
      <p class="small muted">${preference.why} ${paper(papers.ppo)}</p>
      ${this.#start.render(this.#session, 'preference')}
      ${
        last && last.accuracy !== null
          ? html`<p>${preference.accuracy(`${number(100 * last.accuracy)} %`)}</p>`
          : nothing
      }
    </section>`;
  }

  #problemAt(id: string): string | undefined {
    return this.#problem?.at === id ? this.#problem.message : undefined;
  }
}

const paper = ({ title, href }: { title: string; href: string }): TemplateResult =>
  html`<a href=${href} target="_blank" rel="noopener">${title}</a>`;
