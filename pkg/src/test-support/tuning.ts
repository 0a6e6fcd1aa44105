/** Fine-tuning and ChatGPT's steps that compute nothing: losses fall by a formula, answers are made up. */
import type { ClozeError } from '../border/errors.js';
import type {
  ChatExample,
  ChatInfo,
  ChatPair,
  ChatPhaseInfo,
  RankedResponse,
  TuneData,
  TuneEvaluation,
  TuneInput,
  TuneSettings,
} from '../training/core-types.js';
import type {
  ChatEvent,
  ChatPhase,
  ChatTraining,
  FineTune,
  LearnerEvent,
  LearnerState,
  StepPoint,
  TuneEvent,
  TunePrediction,
} from '../training/types.js';

/** What both have: steps that come by themselves once it was started. */
class FakeLearner<Event> {
  readonly id = '';
  readonly name = 'made up';
  metadata: unknown = null;
  change_metadata = async (metadata: unknown): Promise<void> => void (this.metadata = metadata);
  save = async (): Promise<void> => undefined;
  state: LearnerState = 'paused';
  readonly listeners = new Set<(event: Event) => void>();
  protected done = 0;
  protected total = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `ms` a step. */
  constructor(
    protected readonly ms: number,
    private readonly parts: () => StepPoint['parts'],
  ) {}

  tell(event: LearnerEvent | Event): void {
    for (const listener of this.listeners) listener(event as Event);
  }
  on_event(listener: (event: Event) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  async start(): Promise<void> {
    this.state = 'running';
    this.tell({ type: 'state', state: 'running' });
    this.#timer = setInterval(() => void this.step(), this.ms);
  }
  async pause(): Promise<void> {
    clearInterval(this.#timer);
    if (this.state !== 'running') return;
    this.state = 'paused';
    this.tell({ type: 'state', state: 'paused' });
  }
  async step(): Promise<StepPoint> {
    const parts = this.parts();
    const loss = parts.reduce((sum, part) => sum + part.loss, 0);
    const point = { step: this.done, loss, parts, learning_rate: 1e-4, gradient_norm: 1, tokens: 200, ms: this.ms };
    this.done += 1;
    this.tell({ type: 'step', reports: [point] });
    if (this.done < this.total) return point;
    clearInterval(this.#timer);
    this.state = 'over';
    this.tell({ type: 'over', step: this.done });
    return point;
  }
  async *events(): AsyncIterableIterator<Event> {}
  folder = async (): Promise<File[]> => [
    new File([JSON.stringify({ architectures: ['BertForSequenceClassification'] })], 'config.json'),
  ];
  keep = async (name: string): Promise<string> => `kept ${name}`;
  async close(): Promise<void> {
    await this.pause();
    this.state = 'closed';
    this.tell({ type: 'state', state: 'closed' });
  }
  /** It cannot go on. */
  fail(error: ClozeError): void {
    clearInterval(this.#timer);
    this.tell({ type: 'error', error });
  }
}

/** A fine-tuning of texts; every fifth example is held back, of which each third one is wrong. */
export class FakeTune extends FakeLearner<TuneEvent> implements FineTune {
  evaluate_every = 0;
  readonly history = { steps: [], evaluations: [] };
  readonly info: FineTune['info'];
  readonly #texts: { text: string; label: string }[];

  constructor(
    ms: number,
    readonly data: TuneData,
    readonly settings: TuneSettings,
  ) {
    super(ms, () => {
      const part = (name: string, loss: number) => ({ name, loss, predictions: 8, accuracy: 0.5, margin: null });
      const fall = Math.exp(-this.done / 12);
      const task = part('classification', 0.1 + 0.7 * fall + 0.05 * Math.sin(this.done * 2));
      return settings.lm_weight > 0 ? [task, part('lm', 3 + fall)] : [task];
    });
    const labels = 'labels' in data ? data.labels : [];
    this.#texts = (data.examples as { text?: string; question?: string; words?: string[]; label?: string }[]).map(
      (one) => ({ text: one.text ?? one.question ?? one.words!.join(' '), label: one.label ?? labels[0] ?? 'answer' }),
    );
    const held_out = Math.round(this.#texts.length * (settings.held_out_share ?? 0.2));
    const examples = this.#texts.length - held_out;
    this.total = Math.ceil(examples / settings.batch_size) * settings.epochs;
    this.info = {
      weights: 22_000_000,
      trained_weights: 3_550_000,
      examples,
      held_out,
      labels,
      steps: this.total,
    } as never;
  }

  override async start(): Promise<void> {
    if (this.done === 0)
      for (const share of [0.25, 0.5, 1]) {
        this.tell({ type: 'preparing', done: Math.round(share * this.#texts.length), total: this.#texts.length });
        await new Promise((resolve) => setTimeout(resolve, 4 * this.ms));
      }
    await super.start();
  }

  override async step(): Promise<StepPoint> {
    const point = await super.step();
    if (this.done % 10 === 0) this.tell({ type: 'evaluation', step: this.done, evaluation: await this.evaluate() });
    return point;
  }

  async evaluate(): Promise<TuneEvaluation> {
    const { labels, held_out } = this.info;
    const other = (label: string): string => labels[(labels.indexOf(label) + 1) % labels.length] ?? 'another';
    const predictions = this.#texts.slice(-held_out || this.#texts.length).map(({ text, label }, index) => {
      const predicted = index % 3 === 1 ? other(label) : label;
      return { index, text, label, predicted, score: 0.5 + 0.4 * Math.abs(Math.sin(index)) };
    });
    const counted = (is: string, taken: string): number =>
      predictions.filter(({ label, predicted }) => label === is && predicted === taken).length;
    const right = predictions.filter(({ label, predicted }) => label === predicted).length;
    const confusion = labels.map((is) => labels.map((taken) => counted(is, taken)));
    const loss = 0.3 + Math.exp(-this.done / 10) / 2;
    return { step: this.done, loss, parts: [], accuracy: right / predictions.length, confusion, predictions } as never;
  }

  async predict(input: TuneInput): Promise<TunePrediction> {
    if ('question' in input) {
      const answer = input.context.split(' ')[0]!;
      return {
        answers: [{ answer, score: 0.8, start: 0, end: answer.length }],
        null_score: 0.1,
        tokens: 9,
        windows: 1,
      };
    }
    if (this.settings.task === 'token-classification')
      return input.text
        .split(' ')
        .map((word, index) => ({ entity: this.info.labels[0]!, score: 0.9, index, word, start: 0, end: 1 }));
    const labels = this.info.labels.map((label, at) => ({
      label,
      score: at === 0 ? 0.8 : 0.2 / (this.info.labels.length - 1),
    }));
    return { labels, function_to_apply: 'softmax', tokens: input.text.length };
  }
}

/** A GPT that answers with its prompt turned round; the judge likes short answers. */
export class FakeChat extends FakeLearner<ChatEvent> implements ChatTraining {
  phase: ChatPhaseInfo | undefined;
  readonly history = [];
  /** What each phase was given. */
  readonly given: [ChatPhase, readonly (ChatExample | ChatPair)[]][] = [];

  constructor(
    ms: number,
    readonly batch_size = 4,
    readonly epochs = 2,
  ) {
    super(ms, () => [
      {
        name: { supervised: 'lm', reward: 'reward', preference: 'dpo' }[this.phase!.kind],
        loss: (this.phase!.kind === 'supervised' ? 3 : 0.69) * Math.exp(-this.done / 30),
        predictions: 4,
        margin: null,
        accuracy: 0.75,
      },
    ]);
  }

  #begin(kind: ChatPhase, given: readonly (ChatExample | ChatPair)[]): ChatPhaseInfo {
    this.given.push([kind, given]);
    this.state = 'paused';
    this.done = 0;
    this.total = Math.ceil(given.length / this.batch_size) * this.epochs;
    const counts = { examples: given.length, cut: 0, steps: this.total, steps_done: 0 };
    const settings = { max_length: 64, batch_size: 4, learning_rate: 1e-4, epochs: this.epochs, beta: 0.1, seed: 1 };
    return (this.phase = { kind, ...counts, settings });
  }
  supervised = async (examples: readonly ChatExample[]): Promise<ChatPhaseInfo> => this.#begin('supervised', examples);
  reward = async (pairs: readonly ChatPair[]): Promise<ChatPhaseInfo> => this.#begin('reward', pairs);
  preference = async (pairs: readonly ChatPair[]): Promise<ChatPhaseInfo> => this.#begin('preference', pairs);
  info = async (): Promise<ChatInfo> => ({ weights: 1, max_length: 64, has_reward_model: true, phase: null });
  best_of = async (): Promise<RankedResponse[]> => [];
  async sample(prompt: string, { seed = 1 } = {}): Promise<string> {
    const words = prompt.split(' ').reverse();
    return ` ${words.slice(0, 1 + (seed % words.length)).join(' ')} after ${this.phase?.kind ?? 'nothing'}.`;
  }
  score = async (_: string, response: string): Promise<number> => 10 - response.length;
}
