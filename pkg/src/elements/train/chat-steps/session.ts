/** ChatGPT's three steps on one model, as the view follows them. */
import type { ProgressInfo } from '../../../index.js';
import type {
  ChatExample,
  ChatPair,
  ChatPhaseInfo,
  ChatPhaseSettings,
  ChatSettings,
  SampleOptions,
} from '../../../training/core-types.js';
import type { ChatPhase, ChatTraining, LearnerModel, LearnerOptions, TrainingHost } from '../../../training/types.js';
import { isStop } from '../../controllers/problem.js';
import { heldBack, type ChatValues } from './draft.js';
import { logsOf, metadataOf, type ChatMetadata, type ChatSample, type ChatStage, type PhaseLog } from './log.js';

/** What it is doing. */
export type ChatState = 'idle' | 'opening' | 'sampling' | 'preparing' | 'running' | 'paused' | 'checking' | 'failed';

/** What the reader has typed, as it is when a step ends. */
export interface Around {
  readonly prompts: readonly string[];
  readonly choices: readonly ChatPair[];
}

/** Prompts of which samples are compared. */
export const MOST_SAMPLES = 4;

/** How samples are drawn, but for their seed. */
const DRAWN: SampleOptions = { max_new_tokens: 40, temperature: 0.8, top_k: 40 };

/** Attempts at two answers that differ. */
const MOST_DRAWS = 6;

/** Follows one model. */
export class ChatSession {
  state: ChatState = 'idle';
  /** The phase that learns, or learnt last. */
  phase: ChatPhase | undefined;
  load: ProgressInfo | undefined;
  error: unknown;
  /** Why it could not be kept, the last time it was tried. */
  unsaved: unknown;
  /** Samples that are written, or pairs that are read, of how many. */
  sampled: { readonly done: number; readonly total: number } = { done: 0, total: 0 };
  readonly logs = new Map<ChatPhase, PhaseLog>();
  readonly samples = new Map<ChatStage, readonly ChatSample[]>();
  #chat: Promise<ChatTraining> | undefined;
  #opened: ChatTraining | undefined;
  #abort = new AbortController();
  #closed = false;
  /** Of all samples, so that what differs is what was learnt. */
  readonly #seed: number;

  constructor(
    private readonly order: {
      readonly model: () => Promise<LearnerModel>;
      /** As they are now; a step takes them as it begins. */
      readonly values: () => ChatValues;
      /** What was kept when its tab was closed. */
      readonly left?: string;
    },
    private readonly host: () => Promise<TrainingHost>,
    private readonly update: () => void,
  ) {
    this.#seed = order.values().seed;
  }

  get busy(): boolean {
    return this.state !== 'idle' && this.state !== 'paused' && this.state !== 'failed';
  }

  /** Whether nothing else can be begun: a step that rests is to be ended first. */
  get taken(): boolean {
    return this.busy || this.state === 'paused';
  }

  /** Whether there is a judge to ask. */
  get judges(): boolean {
    return (this.logs.get('reward')?.steps.length ?? 0) > 0;
  }

  /** Learns from answers: the first step. Resolves once it is over or has failed. */
  supervise(examples: readonly ChatExample[], prompts: readonly string[]): Promise<void> {
    return this.#take(async (chat) => {
      if (!this.samples.has('base')) await this.#sample(chat, 'base', prompts);
      await this.#learn(chat, 'supervised', () => chat.supervised(examples, this.#phase()));
      await this.#learnt(chat, 'supervised', { prompts, choices: [] });
    });
  }

  /** Makes a judge of choices: the second step. */
  judge(choices: readonly ChatPair[]): Promise<void> {
    return this.#take(async (chat) => {
      const { learnt } = heldBack(choices);
      await this.#learn(chat, 'reward', () => chat.reward(learnt, this.#phase()));
      await this.#learnt(chat, 'reward', { prompts: [], choices });
    });
  }

  /** Moves the model towards what was chosen: the third step, by DPO. */
  prefer(choices: readonly ChatPair[], prompts: readonly string[]): Promise<void> {
    return this.#take(async (chat) => {
      if (!this.samples.has('base')) await this.#sample(chat, 'base', prompts);
      await this.#learn(chat, 'preference', () =>
        chat.preference(choices, this.#phase(this.order.values().preference_rate)),
      );
      await this.#learnt(chat, 'preference', { prompts, choices });
    });
  }

  /** Goes on with what was kept when its tab was closed: what it told is there again, and a step that had begun is ended. */
  goOn(around: Around): Promise<void> {
    return this.#take(async (chat) => {
      const { phase } = chat;
      const log = phase && this.logs.get(phase.kind);
      if (!phase || !log || (chat.history.at(-1)?.steps.length ?? 0) >= phase.steps) return;
      await this.#follow(chat, phase.kind, log);
      await this.#learnt(chat, phase.kind, around);
    });
  }

  /** Two answers that differ; undefined where the model always says the same. */
  async twoAnswers(prompt: string, seed: number): Promise<readonly [string, string] | undefined> {
    let answers: readonly [string, string] | undefined;
    await this.#take(async (chat) => {
      this.#writing();
      const first = (await chat.sample(prompt, { ...DRAWN, seed })).trim();
      for (let draw = 1; draw <= MOST_DRAWS && !answers; draw += 1) {
        const second = (await chat.sample(prompt, { ...DRAWN, temperature: 1, seed: seed + draw })).trim();
        if (second !== first && (first !== '' || second !== '')) answers = [first, second];
      }
    });
    return answers;
  }

  /** What it answers now. */
  async answer(prompt: string): Promise<string> {
    let text = '';
    await this.#take(async (chat) => {
      this.#writing();
      text = (await chat.sample(prompt, { ...DRAWN, seed: this.#seed })).trim();
    });
    return text;
  }

  /** What the judge thinks of an answer. */
  async score(prompt: string, response: string): Promise<number> {
    return (await this.#open()).score(prompt, response);
  }

  async folder(): Promise<File[]> {
    return (await this.#open()).folder();
  }

  async keep(name: string): Promise<string> {
    return (await this.#open()).keep(name);
  }

  /** Rests, or ends the opening. */
  async stop(): Promise<void> {
    if (this.state === 'opening') this.#abort.abort();
    else await this.#opened?.pause();
  }

  /** Goes on after {@link stop}. */
  async resume(): Promise<void> {
    await this.#opened?.start();
  }

  /** Lets the worker go. What was learnt is kept, to go on with. */
  close(): void {
    void this.#end();
  }

  /** The same, and nothing is kept. */
  async discard(): Promise<void> {
    await this.#end();
    const id = this.#opened?.id;
    // Another tab may have it by now.
    if (id) await (await this.host()).remove(id).catch(() => undefined);
  }

  async #end(): Promise<void> {
    this.#closed = true;
    this.#abort.abort();
    await this.#opened?.close().catch(() => undefined);
  }

  async #take(act: (chat: ChatTraining) => Promise<void>): Promise<void> {
    if (this.taken) return;
    this.error = undefined;
    try {
      await act(await this.#open());
      this.#enter('idle');
    } catch (error) {
      if (this.#closed) return;
      this.error = isStop(error) ? undefined : error;
      this.#enter(isStop(error) ? 'idle' : 'failed');
    }
  }

  #open(): Promise<ChatTraining> {
    if (!this.#chat) {
      this.#enter('opening');
      this.#abort = new AbortController();
      this.#chat = this.#openNow();
      // It is tried again the next time.
      this.#chat.catch(() => (this.#chat = undefined));
    }
    return this.#chat;
  }

  async #openNow(): Promise<ChatTraining> {
    const { epochs, batch_size, learning_rate, beta, max_length, seed } = this.order.values();
    const settings: ChatSettings = { epochs, batch_size, learning_rate, beta, max_length, seed };
    const host = await this.host();
    const options: LearnerOptions = {
      signal: this.#abort.signal,
      progress_callback: (progress) => {
        this.load = progress;
        this.update();
      },
    };
    const { left, model } = this.order;
    const chat =
      left === undefined
        ? await host.chat(await model(), settings, { ...options, metadata: this.#metadata })
        : await host.resume_chat(left, options);
    this.#opened = chat;
    if (this.#closed) void chat.close();
    if (left !== undefined) this.#restore(chat);
    return chat;
  }

  /** What is to be found again beside what is kept. */
  get #metadata(): ChatMetadata {
    return {
      view: 'chat-steps',
      model: this.order.values().model,
      samples: [...this.samples],
      checked: this.logs.get('reward')?.checked ?? null,
    };
  }

  /** What it told before its tab was closed. */
  #restore({ history, phase, metadata }: ChatTraining): void {
    for (const [kind, log] of logsOf(history, phase)) this.logs.set(kind, log);
    this.phase = phase?.kind;
    const beside = metadataOf(metadata);
    for (const [stage, samples] of beside?.samples ?? []) this.samples.set(stage, samples);
    const reward = this.logs.get('reward');
    if (reward && beside?.checked) reward.checked = beside.checked;
  }

  /** The settings of a step as they are now. */
  #phase(learning_rate = this.order.values().learning_rate): ChatPhaseSettings {
    const { epochs, batch_size, beta } = this.order.values();
    return { epochs, batch_size, beta, learning_rate };
  }

  async #learn(chat: ChatTraining, phase: ChatPhase, begin: () => Promise<ChatPhaseInfo>): Promise<void> {
    const log = this.logs.get(phase) ?? { steps: [], total: 0, ms: 0, cut: 0 };
    this.phase = phase;
    this.logs.set(phase, log);
    this.#enter('running');
    const { steps, cut } = await begin();
    log.total = log.steps.length + steps;
    log.cut = cut;
    await this.#follow(chat, phase, log);
  }

  /** Drives a phase to its end. */
  async #follow(chat: ChatTraining, phase: ChatPhase, log: PhaseLog): Promise<void> {
    this.phase = phase;
    this.#enter('running');
    let stopHearing: (() => void) | undefined;
    const over = new Promise<void>((resolve, reject) => {
      stopHearing = chat.on_event((event) => {
        if (event.type === 'error') return reject(event.error);
        if (event.type === 'over' || (event.type === 'state' && event.state === 'closed')) return resolve();
        if (event.type === 'step') {
          for (const report of event.reports) {
            // Several times of one phase stand behind each other.
            log.steps.push({ ...report, step: log.steps.length });
            log.ms += report.ms;
          }
          if (this.state === 'preparing') this.#enter('running');
          else this.update();
        } else if (event.type === 'preparing') {
          this.sampled = event;
          this.#enter('preparing');
        } else if (event.type === 'saved' || event.type === 'unsaved') {
          this.unsaved = event.type === 'unsaved' ? event.error : undefined;
          this.update();
        } else if (event.state === 'paused' || event.state === 'running') this.#enter(event.state);
      });
    });
    try {
      await Promise.all([over, chat.start()]);
    } finally {
      stopHearing?.();
    }
  }

  /** What follows a phase: samples, or what the judge makes of choices it has not seen. */
  async #learnt(chat: ChatTraining, phase: ChatPhase, { prompts, choices }: Around): Promise<void> {
    const log = this.logs.get(phase);
    if (phase !== 'reward') await this.#sample(chat, phase, prompts);
    else if (log) {
      this.#enter('checking');
      const { held } = heldBack(choices);
      let right = 0;
      for (const { prompt, chosen, rejected } of held)
        if ((await chat.score(prompt, chosen)) > (await chat.score(prompt, rejected))) right += 1;
      log.checked = { right, of: held.length };
      await this.#scoreSamples(chat);
    }
    await this.#remember(chat);
  }

  /** Keeps what was sampled and judged. That it cannot be kept is told by an event. */
  async #remember(chat: ChatTraining): Promise<void> {
    await chat.change_metadata(this.#metadata);
    await chat.save().catch(() => undefined);
  }

  async #sample(chat: ChatTraining, stage: ChatStage, prompts: readonly string[]): Promise<void> {
    const asked = prompts.slice(0, MOST_SAMPLES);
    const written: ChatSample[] = [];
    for (const prompt of asked) {
      this.sampled = { done: written.length, total: asked.length };
      this.#enter('sampling');
      const text = (await chat.sample(prompt, { ...DRAWN, seed: this.#seed })).trim();
      written.push({ prompt, text, score: await this.#scoreOf(chat, prompt, text) });
      this.samples.set(stage, [...written]);
    }
    if (stage === 'base') await chat.change_metadata(this.#metadata);
    this.update();
  }

  async #scoreSamples(chat: ChatTraining): Promise<void> {
    for (const [stage, samples] of this.samples) {
      const scored: ChatSample[] = [];
      for (const one of samples) scored.push({ ...one, score: await this.#scoreOf(chat, one.prompt, one.text) });
      this.samples.set(stage, scored);
    }
  }

  async #scoreOf(chat: ChatTraining, prompt: string, text: string): Promise<number | undefined> {
    return this.judges && text !== '' ? chat.score(prompt, text) : undefined;
  }

  /** A sample that is no part of a comparison. */
  #writing(): void {
    this.sampled = { done: 0, total: 0 };
    this.#enter('sampling');
  }

  #enter(state: ChatState): void {
    this.state = state;
    this.update();
  }
}
