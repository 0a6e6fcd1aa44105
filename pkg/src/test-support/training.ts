/** A training host that computes nothing: losses fall by a formula, texts are made up. For tests of what stands around training. */
import { ClozeError, type ErrorCode } from '../border/errors.js';
import type {
  BatchRow,
  Evaluation,
  LossPart,
  Probe,
  RunCost,
  RunInfo,
  TextToken,
  TrainArchitecture,
  TrainSettings,
  TrainSize,
} from '../training/core-types.js';
import type {
  LearnerState,
  Run,
  RunEvent,
  RunHistory,
  RunOptions,
  RunPlan,
  SavedRun,
  StepPoint,
  TrainingHost,
} from '../training/types.js';

/** Settings as the core's own are. */
export const settings = (change: Partial<TrainSettings> = {}): TrainSettings => ({
  architecture: 'gpt',
  tokenizer: 'byte-bpe',
  vocab_size: 1024,
  hidden_size: 64,
  num_layers: 2,
  num_heads: 2,
  context: 64,
  batch_size: 16,
  steps: 1000,
  schedule: { peak: 3e-3, warmup: 20, decay_share: 0.5 },
  optimizer: { muon: false, beta1: 0.9, beta2: 0.98, eps: 1e-6, weight_decay: 0.01, momentum: 0.95 },
  clip: 1,
  dropout: 0,
  seed: 1,
  bert: { mlm: true, nsp: true, mlm_probability: 0.15, always_mask: false },
  ...change,
});

const PARTS: Record<TrainArchitecture, readonly string[]> = {
  gpt: ['lm'],
  bert: ['mlm', 'nsp'],
  elmo: ['forward', 'backward'],
  xlnet: ['plm'],
};

const WORDS = 'Once upon a time there was a king who had a daughter'.split(' ');

const parts = ({ architecture }: TrainSettings, step: number): LossPart[] =>
  PARTS[architecture].map((name) => ({
    name,
    loss: name === 'nsp' ? 0.7 - 0.2 * (1 - Math.exp(-step / 200)) : 3.2 + 3.7 * Math.exp(-step / 120),
    predictions: 100,
    margin: null,
    accuracy: name === 'nsp' ? 0.5 + 0.3 * (1 - Math.exp(-step / 200)) : 0.3 * (1 - Math.exp(-step / 100)),
  }));

/** Most methods of a run; the calls of a test see what was asked. */
export class FakeRun implements Run {
  state: LearnerState = 'paused';
  steps_done = 0;
  readonly history = { steps: [] as StepPoint[], evaluations: [] as Evaluation[], samples: [] } satisfies RunHistory;
  readonly info: RunInfo;
  readonly listeners = new Set<(event: RunEvent) => void>();
  plan: RunPlan;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly id: string,
    readonly name: string,
    private readonly host: FakeHost,
    readonly text: string,
    settings: TrainSettings,
    options: RunOptions,
  ) {
    const levels = { uniform: Math.log(1024), unigram: 5.6, bigram: 4.1, bytes_per_token: 3.1 };
    const counts = { vocab_size: 1024, training_tokens: 90_000, held_out_tokens: 10_000, steps_done: 0 };
    this.info = { settings, weights: 168_000, levels, ...counts };
    const plan: RunPlan = {
      evaluate_every: 50,
      evaluate_batches: 8,
      sample_every: 100,
      sample: {},
      save_every: 5,
      when_hidden: 'go_on',
    };
    this.plan = { ...plan, ...options };
  }

  tell(event: RunEvent): void {
    for (const listener of this.listeners) listener(event);
  }
  async start(): Promise<void> {
    this.state = 'running';
    this.tell({ type: 'state', state: 'running' });
    if (this.host.ms > 0) this.#timer = setInterval(() => void this.step(), this.host.ms);
    await Promise.resolve();
    if (!this.host.keeps) this.tell({ type: 'unsaved', error: new ClozeError('out_of_memory', 'no storage') });
  }
  async pause(): Promise<void> {
    clearInterval(this.#timer);
    if (this.state !== 'running') return;
    this.state = 'paused';
    this.tell({ type: 'state', state: 'paused' });
  }
  async step(): Promise<StepPoint> {
    const { settings } = this.info;
    const of = parts(settings, this.steps_done);
    const loss = of.reduce((sum, part) => sum + part.loss, 0);
    const learning_rate = settings.schedule.peak * Math.min(1, (this.steps_done + 1) / settings.schedule.warmup);
    const noisy = loss + 0.2 * Math.sin(this.steps_done * 1.7);
    const point = {
      step: this.steps_done,
      loss: noisy,
      parts: of.map((part) => ({ ...part, loss: part.loss + 0.2 * Math.sin(this.steps_done * 1.7) })),
      learning_rate,
      gradient_norm: 1 + Math.exp(-this.steps_done / 40),
      tokens: 1024,
      ms: 80,
    };
    this.history.steps.push(point);
    this.steps_done += 1;
    this.tell({ type: 'step', reports: [point] });
    if (this.steps_done === 1 || this.steps_done % this.plan.evaluate_every === 0) await this.evaluate();
    if (this.steps_done === 1 || this.steps_done % this.plan.sample_every === 0) this.#sampleNow();
    if (this.steps_done >= settings.steps) {
      clearInterval(this.#timer);
      this.state = 'over';
      this.tell({ type: 'over', step: this.steps_done });
    }
    return point;
  }
  #sampleNow(): void {
    const { prompt = '', probe = '' } = this.plan.sample;
    const step = this.steps_done;
    const written = Array.from({ length: 12 }, (_, at) => WORDS[(at * step) % WORDS.length]).join(' ');
    const sample = ['gpt', 'elmo'].includes(this.info.settings.architecture)
      ? ({ kind: 'text', step, prompt, text: ` ${written}` } as const)
      : ({ kind: 'probe', step, text: probe, probe: this.#probe(probe) } as const);
    (this.history.samples as unknown[]).push(sample);
    this.tell({ type: 'sample', sample });
  }
  #probe(text: string, seed = 1): Probe {
    const candidates = WORDS.slice(3, 6).map((token, at) => ({ token, probability: 0.5 / (at + 1) }));
    // XLNet fills one after the other, in an order that the seed draws.
    const turn = (index: number): number => (this.info.settings.architecture === 'xlnet' ? (index + seed) % 2 : 0);
    const marks = [...text.matchAll(/\[MASK\]/gu)];
    return { tokens: text.split(' '), masks: marks.map((_, index) => ({ index, turn: turn(index), candidates })) };
  }
  on_event(listener: (event: RunEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  async *events(): AsyncIterableIterator<RunEvent> {}
  async folder(): Promise<File[]> {
    const vocab = Object.fromEntries(['[PAD]', 'e', 't', 'Ġthe', 'Ġking'].map((token, id) => [token, id]));
    return [new File([JSON.stringify({ model: { vocab } })], 'tokenizer.json'), new File(['{}'], 'config.json')];
  }
  async close(): Promise<void> {
    await this.pause();
    this.state = 'closed';
    this.host.opened.delete(this.id);
  }
  async change_plan(change: Partial<RunPlan>): Promise<void> {
    this.plan = { ...this.plan, ...change };
  }
  async save(): Promise<void> {}
  async evaluate(): Promise<Evaluation> {
    const of = parts(this.info.settings, this.steps_done);
    const evaluation = { step: this.steps_done, loss: of.reduce((sum, part) => sum + part.loss, 0), parts: of };
    this.history.evaluations.push(evaluation);
    this.tell({ type: 'evaluation', evaluation });
    return evaluation;
  }
  sample = (): Promise<string> => Promise.resolve(' there was a king');
  probe = (text: string, _top_k?: number, seed?: number): Promise<Probe> => Promise.resolve(this.#probe(text, seed));
  next_sentence = (): Promise<{ is_next_probability: number }> => Promise.resolve({ is_next_probability: 0.6 });
  async attention(text: string) {
    const tokens = text.split(' ');
    const causal = this.info.settings.architecture === 'gpt';
    const attentions = new Float32Array(tokens.length ** 2);
    for (let row = 0; row < tokens.length; row++)
      for (let column = 0; column < tokens.length; column++)
        attentions[row * tokens.length + column] = causal ? (column <= row ? 1 / (row + 1) : 0) : 1 / tokens.length;
    return { tokens, attentions };
  }
  async tokenize(text: string): Promise<TextToken[]> {
    return [...text.matchAll(/\S{1,4}/gu)].map(({ 0: token, index }, id) => ({
      token,
      id,
      start: index,
      end: index + token.length,
    }));
  }
  async batch(step: number, row: number): Promise<BatchRow> {
    const tokens = WORDS.map((word, at) => (at === (step + row) % WORDS.length ? '[MASK]' : word));
    const { architecture: kind } = this.info.settings;
    if (kind === 'bert')
      return {
        kind,
        tokens,
        labels: tokens.map((token, at) => (token === '[MASK]' ? WORDS[at]! : null)),
        kinds: tokens.map((token) => (token === '[MASK]' ? 'mask' : null)),
        is_next: true,
      };
    if (kind !== 'xlnet') return { kind, tokens: WORDS };
    const order = [...WORDS.keys()].sort((a, b) => ((a * 7) % 12) - ((b * 7) % 12));
    const rank = order.map((_, at) => order.indexOf(at));
    // The last two are predicted; all else is context, which sees the context alone.
    const context = rank.length - 2;
    const mask = (content: boolean): Uint8Array =>
      Uint8Array.from({ length: rank.length ** 2 }, (_, cell) => {
        const [row, column] = [rank[Math.floor(cell / rank.length)]!, rank[cell % rank.length]!];
        return column < context || column < row || (content && column === row) ? 1 : 0;
      });
    return { kind, tokens: WORDS, order, targets: order.slice(-2), content_mask: mask(true), query_mask: mask(false) };
  }
  async word_vectors(text: string) {
    const tokens = text.split(' ');
    const width = 8;
    const layers = new Float32Array(3 * tokens.length * width).map((_, at) =>
      Math.sin(at < tokens.length * width ? (at % width) + tokens[Math.floor(at / width)]!.length : at),
    );
    return { tokens, hidden_size: width / 2, layers };
  }
}

/** The host. */
export class FakeHost implements Partial<TrainingHost> {
  readonly runtime = { build: 'simd128', threads: 2, threads_off_reason: null } as const;
  readonly made: FakeRun[] = [];
  readonly opened = new Set<string>();
  readonly #changes = new Set<() => void>();
  /** Whether runs can be kept. */
  keeps = true;
  /** What `run` fails with. */
  refuses: ClozeError | undefined;

  /** `ms` a step, once started; 0: only when asked. */
  constructor(readonly ms = 0) {}

  async default_settings(architecture: TrainArchitecture, size: TrainSize): Promise<TrainSettings> {
    const hidden_size = { small: 64, medium: 96, large: 192 }[size];
    return settings({ architecture, hidden_size, tokenizer: architecture === 'bert' ? 'word-piece' : 'byte-bpe' });
  }
  async cost({ hidden_size: width, batch_size, context }: TrainSettings): Promise<RunCost> {
    const weights = 12 * width * width * 2 + 1024 * width;
    const tokens_per_step = batch_size * context;
    return { weights, flops_per_step: 6 * weights * tokens_per_step, memory_bytes: weights * 200, tokens_per_step };
  }
  async run(of: TrainSettings, text: string, options: RunOptions = {}): Promise<Run> {
    if (this.refuses) throw this.refuses;
    const run = new FakeRun(`run-${this.made.length}`, options.name ?? 'a run', this, text, of, options);
    this.made.push(run);
    this.opened.add(run.id);
    this.#changes.forEach((listener) => listener());
    return run;
  }
  async runs(): Promise<SavedRun[]> {
    return this.made.map(({ id, name, info, steps_done, text }, at) => ({
      id,
      name,
      settings: info.settings,
      info,
      weights: info.weights,
      steps: steps_done,
      last_loss: null,
      last_evaluation: null,
      bytes: 2_000_000,
      text_length: text.length,
      created: 1000 * at,
      saved: 1000 * at,
      open: this.opened.has(id),
    }));
  }
  async resume(id: string): Promise<Run> {
    const run = this.made.find((one) => one.id === id);
    if (!run) throw new ClozeError('not_found', 'no such run');
    run.state = 'paused';
    this.opened.add(id);
    return run;
  }
  history = async (id: string): Promise<RunHistory> => this.made.find((one) => one.id === id)!.history;
  text = async (id: string): Promise<string> => this.made.find((one) => one.id === id)!.text;
  folder = (id: string): Promise<File[]> => this.made.find((one) => one.id === id)!.folder();
  async remove(id: string): Promise<void> {
    this.made.splice(
      this.made.findIndex((one) => one.id === id),
      1,
    );
  }
  on_change(listener: () => void): () => void {
    this.#changes.add(listener);
    return () => this.#changes.delete(listener);
  }
  async close(): Promise<void> {}

  /** A run fails. */
  fail(id: string, code: string): void {
    const run = this.made.find((one) => one.id === id)!;
    run.state = 'failed';
    run.tell({ type: 'error', error: new ClozeError(code as ErrorCode, `failed: ${code}`) });
  }
}
