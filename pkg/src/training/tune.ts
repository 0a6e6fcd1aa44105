/** Fine-tuning, ChatGPT's steps and ELMo's tagging head on the page. */
import { fromData } from '../border/errors.js';
import type { TrainingClient } from './client.js';
import type {
  ChatExample,
  ChatInfo,
  ChatPair,
  ChatPhase,
  ChatPhaseInfo,
  ChatPhaseSettings,
  ElmoMix,
  RankedResponse,
  SampleOptions,
  TaggerInfo,
  TuneData,
  TuneEvaluation,
  TuneInfo,
  TuneInput,
  TuneSettings,
  WordInContexts,
} from './core-types.js';
import { LearnerBase } from './learner.js';
import type { LearnerLeft, OpenedChat, OpenedTagger, OpenedTuning, TrainingNews } from './protocol.js';
import type {
  ChatEvent,
  ChatTraining,
  ElmoTagging,
  FineTune,
  Keepable,
  KeepingEvent,
  LearnerEvent,
  StepPoint,
  TuneEvent,
  TunePrediction,
} from './types.js';

/** What is kept while it learns, and whose model can be kept. */
abstract class KeepableLearner<Event extends { type: string }>
  extends LearnerBase<Event | KeepingEvent>
  implements Keepable
{
  readonly id: string;
  readonly name: string;
  #metadata: unknown;

  constructor(client: TrainingClient, title: string, { id, name, metadata }: LearnerLeft) {
    super(client, () => title);
    this.id = id;
    this.name = name;
    this.#metadata = metadata;
    globalThis.document?.addEventListener('visibilitychange', this.#onSeen);
  }

  get metadata(): unknown {
    return this.#metadata;
  }

  async change_metadata(metadata: unknown): Promise<void> {
    this.#metadata = metadata;
    await this.client.call('metadata', { metadata });
  }

  async save(): Promise<void> {
    await this.client.call('save', null);
  }

  async keep(name: string): Promise<string> {
    return (await this.client.call('keep', { name })).id;
  }

  override close(): Promise<void> {
    globalThis.document?.removeEventListener('visibilitychange', this.#onSeen);
    return super.close();
  }

  /** What all of them tell. */
  protected common(news: TrainingNews): LearnerEvent | KeepingEvent | undefined {
    if (news.type === 'unsaved') return { type: news.type, error: fromData(news.error) };
    return news.type === 'step' || news.type === 'over' || news.type === 'saved' ? news : undefined;
  }

  /** A tab that is left may be thrown away: what is there is saved. */
  #onSeen = (): void => {
    if (document.visibilityState === 'hidden' && this.state === 'running') void this.save().catch(() => undefined);
  };
}

/** What is evaluated on examples held back. */
abstract class EvaluatedLearner<I extends TuneInfo | TaggerInfo> extends KeepableLearner<TuneEvent> {
  readonly info: I;
  evaluate_every: number;
  readonly #steps: StepPoint[];
  readonly #evaluations: { step: number; evaluation: TuneEvaluation }[];

  constructor(client: TrainingClient, title: string, opened: LearnerLeft & { info: I }, epochs: number) {
    super(client, title, opened);
    this.info = opened.info;
    this.#steps = [...opened.steps];
    this.#evaluations = [...opened.evaluations];
    this.evaluate_every = opened.evaluate_every || Math.max(1, Math.round(opened.info.steps / Math.max(1, epochs)));
  }

  get history(): FineTune['history'] {
    return { steps: this.#steps, evaluations: this.#evaluations };
  }

  evaluate(): Promise<TuneEvaluation> {
    return this.client.call('ask', { method: 'evaluate', args: [] }) as Promise<TuneEvaluation>;
  }

  protected override startWith(): { evaluate_every: number } {
    return { evaluate_every: this.evaluate_every };
  }

  protected override take(news: TrainingNews): TuneEvent | undefined {
    if (news.type === 'step') this.#steps.push(...news.reports);
    if (news.type === 'tuned') {
      const { step, evaluation } = news;
      this.#evaluations.push({ step, evaluation });
      return { type: 'evaluation', step, evaluation };
    }
    return news.type === 'preparing' ? news : this.common(news);
  }
}

/** A model being fine-tuned. */
export class TunedModel extends EvaluatedLearner<TuneInfo> implements FineTune {
  readonly settings: TuneSettings;
  readonly data: TuneData;

  constructor(client: TrainingClient, opened: OpenedTuning) {
    super(client, opened.settings.task, opened, opened.settings.epochs);
    this.settings = opened.settings;
    this.data = opened.data;
  }

  predict(input: TuneInput): Promise<TunePrediction> {
    return this.ask('predict', input, undefined);
  }
}

/** ELMo's layers mixed for tagging. */
export class TaggedElmo extends EvaluatedLearner<TaggerInfo> implements ElmoTagging {
  constructor(client: TrainingClient, opened: OpenedTagger) {
    super(client, 'elmo-tagger', opened, opened.info.settings.epochs);
  }

  mix(): Promise<ElmoMix> {
    return this.ask('mix');
  }

  vectors(texts: readonly string[], word: string): Promise<WordInContexts> {
    return this.ask('vectors', [...texts], word);
  }
}

/** A GPT that is taught to answer. */
export class TaughtChat extends KeepableLearner<ChatEvent> implements ChatTraining {
  readonly #phases: { phase: ChatPhase; steps: StepPoint[] }[] = [];
  #phase: ChatPhaseInfo | undefined;

  constructor(client: TrainingClient, opened: OpenedChat) {
    super(client, 'chat', opened);
    for (const { info, steps } of opened.phases) this.#phases.push({ phase: info.kind, steps: [...steps] });
    this.#phase = opened.phases.at(-1)?.info;
  }

  get phase(): ChatPhaseInfo | undefined {
    return this.#phase;
  }

  get history(): ChatTraining['history'] {
    return this.#phases;
  }

  supervised(examples: readonly ChatExample[], settings?: ChatPhaseSettings): Promise<ChatPhaseInfo> {
    return this.#begin('supervised', examples, settings);
  }

  reward(pairs: readonly ChatPair[], settings?: ChatPhaseSettings): Promise<ChatPhaseInfo> {
    return this.#begin('reward', pairs, settings);
  }

  preference(pairs: readonly ChatPair[], settings?: ChatPhaseSettings): Promise<ChatPhaseInfo> {
    return this.#begin('preference', pairs, settings);
  }

  info(): Promise<ChatInfo> {
    return this.client.call('ask', { method: 'info', args: [] }) as Promise<ChatInfo>;
  }

  sample(prompt: string, options: SampleOptions & { before?: boolean } = {}): Promise<string> {
    return this.client.call('ask', { method: 'sample', args: [prompt, options] }) as Promise<string>;
  }

  score(prompt: string, response: string): Promise<number> {
    return this.ask('score', prompt, response);
  }

  best_of(prompt: string, count: number, options: SampleOptions = {}): Promise<RankedResponse[]> {
    return this.ask('best_of', prompt, count, options);
  }

  async #begin(
    phase: ChatPhase,
    examples: readonly (ChatExample | ChatPair)[],
    settings: ChatPhaseSettings = {},
  ): Promise<ChatPhaseInfo> {
    await this.pause();
    const info = await this.client.call('phase', { phase, examples, settings });
    this.#phase = info;
    this.#phases.push({ phase, steps: [] });
    this.again();
    return info;
  }

  protected override take(news: TrainingNews): ChatEvent | undefined {
    if (news.type === 'step') this.#phases.at(-1)?.steps.push(...news.reports);
    return news.type === 'preparing' ? news : this.common(news);
  }
}
