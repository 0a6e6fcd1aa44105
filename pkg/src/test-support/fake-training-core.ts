/** A training core made of JavaScript, and a worker around it: its weight is one number that each step changes by rule. */
import type {
  Evaluation,
  RunInfo,
  StepReport,
  TrainSettings,
  TuneData,
  TuneEvaluation,
  TuneInfo,
  TuneSettings,
} from '../training/core-types.js';
import type { CoreRun, CoreTuning, TrainingCore } from '../training/core.js';
import type { TrainingRequest, TrainingResponse } from '../training/protocol.js';
import type { TrainingWorkerLike } from '../training/client.js';
import { serveTraining } from '../training/worker/serve.js';
import { coreError } from './fake-core.js';

/** Settings of a short run. */
export const SETTINGS: TrainSettings = {
  architecture: 'gpt',
  tokenizer: 'characters',
  vocab_size: 32,
  hidden_size: 8,
  num_layers: 1,
  num_heads: 1,
  context: 8,
  batch_size: 1,
  steps: 20,
  schedule: { peak: 0.1, warmup: 1, decay_share: 0.5 },
  optimizer: { muon: false, beta1: 0.9, beta2: 0.98, eps: 1e-6, weight_decay: 0, momentum: 0.9 },
  clip: 1,
  dropout: 0,
  seed: 1,
  bert: { mlm: true, nsp: true, mlm_probability: 0.15, always_mask: false },
};

/** What tests do to it. */
export interface FakeTraining {
  core: TrainingCore;
  /** Steps done by all runs together. */
  steps: number;
  /** The step at which a run diverges, or the instance traps. */
  diverges?: number;
  traps?: number;
  /** Objects not freed yet. */
  alive: number;
  /** The files that fine-tuning and chat were given, by name. */
  files: string[];
}

interface State {
  settings: TrainSettings;
  step: number;
  weight: number;
}

/** Makes one. */
export function fakeTraining(): FakeTraining {
  const fake: FakeTraining = { steps: 0, alive: 0, files: [], core: undefined as never };
  class FakeRun implements Partial<CoreRun> {
    private readonly state: State;
    static resume(checkpoint: Uint8Array, text: string): FakeRun {
      const run = new FakeRun(SETTINGS, text);
      Object.assign(run.state, JSON.parse(new TextDecoder().decode(checkpoint)));
      return run;
    }
    constructor(
      settings: TrainSettings,
      private readonly text: string,
    ) {
      if (settings.num_layers < 1)
        throw coreError('invalid_setting', 'num_layers: 0 is not between 1 and 48', { setting: 'num_layers' });
      if (text.length < 8)
        throw coreError('text_too_short', 'The text is too short.', { tokens: text.length, needed: 8 });
      fake.alive++;
      this.state = { settings, step: 0, weight: settings.seed };
    }
    info(): RunInfo {
      const levels = { uniform: 3, unigram: 2, bigram: 1, bytes_per_token: 1 };
      const { settings, step: steps_done } = this.state;
      return { settings, weights: 7, vocab_size: 32, levels, training_tokens: 90, held_out_tokens: 10, steps_done };
    }
    step(): StepReport {
      const { state } = this;
      if (state.step === fake.diverges) throw coreError('diverged', 'The loss is no number.', { step: state.step });
      if (state.step === fake.traps) throw new WebAssembly.RuntimeError('unreachable');
      fake.steps++;
      state.weight = (state.weight * 69069 + this.text.charCodeAt(state.step % this.text.length)) % 2 ** 32;
      const loss = 3 / (state.step + 1);
      const parts = [{ name: 'lm', loss, predictions: 8, accuracy: null, margin: null }];
      return { step: state.step++, loss, parts, learning_rate: 0.1, gradient_norm: 1, tokens: 8 };
    }
    is_over(): boolean {
      return this.state.step >= this.state.settings.steps;
    }
    evaluate(batches: number): Evaluation {
      const { step, weight } = this.state;
      return {
        step,
        loss: weight / 2 ** 32,
        parts: [{ name: 'lm', loss: 1, predictions: batches, accuracy: null, margin: null }],
      };
    }
    checkpoint(): Uint8Array {
      return new TextEncoder().encode(JSON.stringify(this.state));
    }
    folder(): { name: string; bytes: Uint8Array }[] {
      const bytes = new TextEncoder().encode(String(this.state.weight));
      return [{ name: 'model.safetensors', bytes }];
    }
    sample(prompt: string): string {
      if (prompt === '') throw coreError('empty_input', 'Nothing to go on with.');
      return ` ${this.state.weight}`;
    }
    free(): void {
      fake.alive--;
    }
  }
  fake.core = {
    refused_bytes: () => 0,
    shard_names: () => [],
    default_settings: (architecture) => ({ ...SETTINGS, architecture }),
    default_tune_settings: (task) => ({ task, epochs: 3 }) as TuneSettings,
    run_cost: () => ({ weights: 7, flops_per_step: 1, memory_bytes: 1, tokens_per_step: 8 }),
    TrainingRun: FakeRun as unknown as TrainingCore['TrainingRun'],
    FineTuning: fineTuning(fake),
    ChatSteps: chatSteps(fake),
    ElmoTagger: undefined as never,
  };
  return fake;
}

const report = (step: number, name: string): StepReport => ({
  step,
  loss: 1 / (step + 1),
  parts: [{ name, loss: 1 / (step + 1), predictions: 2, accuracy: null, margin: null }],
  learning_rate: 0.1,
  gradient_norm: 1,
  tokens: 4,
});

/** Six steps in three epochs, behind three examples for the frozen layers. */
function fineTuning(fake: FakeTraining): TrainingCore['FineTuning'] {
  return class FakeTuning implements Partial<CoreTuning> {
    #step = 0;
    #read = 0;
    static resume(checkpoint: Uint8Array, request: { files: Record<string, Uint8Array>; data: TuneData }): FakeTuning {
      const tuning = new FakeTuning({ ...request, settings: {} });
      tuning.#step = checkpoint[0]!;
      return tuning;
    }
    constructor({
      files,
      data,
      settings,
    }: {
      files: Record<string, Uint8Array>;
      data: TuneData;
      settings: Partial<TuneSettings>;
    }) {
      this.settings = () => ({ task: 'text-classification', epochs: 3, ...settings }) as TuneSettings;
      if (data.examples.length === 0) throw coreError('text_too_short', 'There are no examples.');
      fake.files = Object.keys(files).sort();
      fake.alive++;
    }
    settings: () => TuneSettings;
    checkpoint = () => new Uint8Array([this.#step]);
    info = (): TuneInfo =>
      ({ weights: 9, trained_weights: 2, labels: ['a', 'b'], steps: 6, steps_done: this.#step }) as TuneInfo;
    prepare = () => ({ done: Math.min(3, ++this.#read), total: 3 });
    step = (): StepReport => report(this.#step++, 'classification');
    is_over = () => this.#step >= 6;
    evaluate = (): TuneEvaluation => ({ step: this.#step, accuracy: this.#step / 6 }) as TuneEvaluation;
    predict = (input: object) => ({ labels: [{ label: JSON.stringify(input), score: 1 }] }) as never;
    folder = () => [
      { name: 'config.json', bytes: new TextEncoder().encode('{}') },
      { name: 'model.safetensors', bytes: new Uint8Array(8).fill(this.#step) },
    ];
    free = () => void fake.alive--;
  } as unknown as TrainingCore['FineTuning'];
}

/** Two steps a phase. */
function chatSteps(fake: FakeTraining): TrainingCore['ChatSteps'] {
  return class FakeChat {
    #phase: { kind: string; examples: number } | null = null;
    #step = 2;
    static resume(checkpoint: Uint8Array): FakeChat {
      const { phase, step } = JSON.parse(new TextDecoder().decode(checkpoint)) as {
        phase: { kind: string; examples: number } | null;
        step: number;
      };
      const chat = new FakeChat({ files: {} });
      chat.#phase = phase;
      chat.#step = step;
      return chat;
    }
    checkpoint = () => new TextEncoder().encode(JSON.stringify({ phase: this.#phase, step: this.#step }));
    info = () => ({
      weights: 5,
      max_length: 8,
      has_reward_model: false,
      phase: this.#phase && { ...this.#phase, steps: 2, steps_done: this.#step },
    });
    constructor({ files }: { files: Record<string, Uint8Array> }) {
      fake.files = Object.keys(files).sort();
      fake.alive++;
    }
    #begin(kind: string, examples: readonly unknown[], settings: object): object {
      if (examples.length === 0) throw coreError('text_too_short', 'There are no examples.');
      this.#phase = { kind, examples: examples.length };
      this.#step = 0;
      return { kind, examples: examples.length, settings, steps: 2, steps_done: 0, cut: 0 };
    }
    supervised = (examples: unknown[], settings: object) => this.#begin('supervised', examples, settings);
    reward = (pairs: unknown[], settings: object) => this.#begin('reward', pairs, settings);
    preference = (pairs: unknown[], settings: object) => this.#begin('preference', pairs, settings);
    prepare = () => (this.#phase?.kind === 'preference' ? { done: 4, total: 4 } : { done: 0, total: 0 });
    step = () => report(this.#step++, this.#phase!.kind);
    is_over = () => this.#step >= 2;
    sample = (prompt: string, options: object) => `${prompt} ${JSON.stringify(options)}`;
    score = (_: string, response: string) => response.length;
    free = () => void fake.alive--;
  } as unknown as TrainingCore['ChatSteps'];
}

/** As `structuredClone`, which in Node makes nothing of a `File`. */
function cloned(value: unknown): unknown {
  if (value instanceof File || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cloned);
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cloned(part)]));
}

/** A worker without a thread: the real `serveTraining`, behind a port that copies messages as real ones do. */
export class FakeTrainingWorker implements TrainingWorkerLike {
  terminated = false;
  readonly #listeners: ((event: { data: TrainingResponse }) => void)[] = [];
  readonly #failed: ((event: { message?: string }) => void)[] = [];
  #receive: (request: TrainingRequest) => void = () => undefined;

  constructor(fake: FakeTraining, start: () => Promise<void> = async () => undefined) {
    serveTraining(
      {
        post: (message) =>
          this.#deliver(() => this.#listeners.forEach((listener) => listener({ data: structuredClone(message) }))),
        listen: (receive) => (this.#receive = receive),
      },
      () => start().then(() => fake.core),
    );
  }

  postMessage(message: unknown): void {
    const request = cloned(message) as TrainingRequest;
    this.#deliver(() => this.#receive(request));
  }

  terminate(): void {
    this.terminated = true;
  }

  addEventListener(type: string, listener: (event: { data: TrainingResponse } & { message?: string }) => void): void {
    if (type === 'message') this.#listeners.push(listener as (event: { data: TrainingResponse }) => void);
    if (type === 'error') this.#failed.push(listener as (event: { message?: string }) => void);
  }

  /** As when its script throws or cannot be loaded. */
  fail(message?: string): void {
    this.#failed.forEach((listener) => listener(message === undefined ? {} : { message }));
  }

  #deliver(act: () => void): void {
    setImmediate(() => this.terminated || act());
  }
}
