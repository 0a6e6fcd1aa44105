/** Fine-tuning, ChatGPT's steps and ELMo's tagging head on the page. */
import type { TrainingClient } from './client.js';
import type { ChatExample, ChatPair, SampleOptions, TuneEvaluation, TuneInfo, TuneInput } from './core-types.js';
import { LearnerBase } from './learner.js';
import type { TrainingNews } from './protocol.js';
import type {
  ChatPhase,
  ChatTraining,
  ElmoTagging,
  FineTune,
  LearnerEvent,
  StepPoint,
  TuneEvent,
  TunePrediction,
} from './types.js';

/** A model being fine-tuned. */
export class TunedModel extends LearnerBase<TuneEvent> implements FineTune {
  evaluate_every: number;
  readonly #steps: StepPoint[] = [];
  readonly #evaluations: { step: number; evaluation: TuneEvaluation }[] = [];

  constructor(
    client: TrainingClient,
    title: string,
    readonly info: TuneInfo,
    epochs: number,
  ) {
    super(client, () => title);
    this.evaluate_every = Math.max(1, Math.round(info.steps / Math.max(1, epochs)));
  }

  get history(): FineTune['history'] {
    return { steps: this.#steps, evaluations: this.#evaluations };
  }

  evaluate(): Promise<TuneEvaluation> {
    return this.client.call('ask', { method: 'evaluate', args: [] }) as Promise<TuneEvaluation>;
  }

  predict(input: TuneInput): Promise<TunePrediction> {
    return this.ask('predict', input);
  }

  async keep(name: string): Promise<string> {
    return (await this.client.call('keep', { name })).id;
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
    return news.type === 'step' || news.type === 'over' || news.type === 'preparing' ? news : undefined;
  }
}

/** A GPT that is taught to answer. */
export class TaughtChat extends LearnerBase<LearnerEvent> implements ChatTraining {
  readonly #phases: { phase: ChatPhase; steps: StepPoint[] }[] = [];

  get phase(): ChatPhase | undefined {
    return this.#phases.at(-1)?.phase;
  }

  get history(): ChatTraining['history'] {
    return this.#phases;
  }

  supervised(examples: readonly ChatExample[]): Promise<void> {
    return this.#begin('supervised', examples);
  }

  reward(pairs: readonly ChatPair[]): Promise<void> {
    return this.#begin('reward', pairs);
  }

  preference(pairs: readonly ChatPair[]): Promise<void> {
    return this.#begin('preference', pairs);
  }

  sample(prompt: string, options: SampleOptions & { before?: boolean } = {}): Promise<string> {
    return this.client.call('ask', { method: 'sample', args: [prompt, options] }) as Promise<string>;
  }

  score(prompt: string, response: string): Promise<number> {
    return this.ask('score', prompt, response);
  }

  async keep(name: string): Promise<string> {
    return (await this.client.call('keep', { name })).id;
  }

  async #begin(phase: ChatPhase, examples: readonly (ChatExample | ChatPair)[]): Promise<void> {
    await this.pause();
    await this.client.call('phase', { phase, examples });
    this.#phases.push({ phase, steps: [] });
    this.again();
  }

  protected override take(news: TrainingNews): LearnerEvent | undefined {
    if (news.type === 'step') this.#phases.at(-1)?.steps.push(...news.reports);
    return news.type === 'step' || news.type === 'over' ? news : undefined;
  }
}

/** ELMo's layers mixed for tagging. */
export class TaggedElmo extends LearnerBase<LearnerEvent> implements ElmoTagging {
  readonly #steps: StepPoint[] = [];

  get history(): ElmoTagging['history'] {
    return { steps: this.#steps };
  }

  evaluate(): Promise<TuneEvaluation> {
    return this.client.call('ask', { method: 'evaluate', args: [] }) as Promise<TuneEvaluation>;
  }

  mix(): Promise<{ s: number[]; gamma: number }> {
    return this.ask('mix');
  }

  vectors(texts: readonly string[], word: string): Promise<unknown> {
    return this.ask('vectors', texts, word);
  }

  protected override take(news: TrainingNews): LearnerEvent | undefined {
    if (news.type === 'step') this.#steps.push(...news.reports);
    return news.type === 'step' || news.type === 'over' ? news : undefined;
  }
}
