/** Fine-tuning, ChatGPT's steps and ELMo's tagging head on the page. */
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
  TuneEvaluation,
  TuneInfo,
  TuneInput,
  WordInContexts,
} from './core-types.js';
import { LearnerBase } from './learner.js';
import type { TrainingNews } from './protocol.js';
import type {
  ChatEvent,
  ChatTraining,
  ElmoTagging,
  FineTune,
  Keepable,
  StepPoint,
  TuneEvent,
  TunePrediction,
} from './types.js';

/** What can be kept as a model. */
abstract class KeepableLearner<Event extends { type: string }> extends LearnerBase<Event> implements Keepable {
  async keep(name: string): Promise<string> {
    return (await this.client.call('keep', { name })).id;
  }
}

/** What is evaluated on examples held back. */
abstract class EvaluatedLearner<I extends TuneInfo | TaggerInfo> extends KeepableLearner<TuneEvent> {
  evaluate_every: number;
  readonly #steps: StepPoint[] = [];
  readonly #evaluations: { step: number; evaluation: TuneEvaluation }[] = [];

  constructor(
    client: TrainingClient,
    title: string,
    readonly info: I,
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

/** A model being fine-tuned. */
export class TunedModel extends EvaluatedLearner<TuneInfo> implements FineTune {
  predict(input: TuneInput): Promise<TunePrediction> {
    return this.ask('predict', input, undefined);
  }
}

/** ELMo's layers mixed for tagging. */
export class TaggedElmo extends EvaluatedLearner<TaggerInfo> implements ElmoTagging {
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
    return news.type === 'step' || news.type === 'over' || news.type === 'preparing' ? news : undefined;
  }
}
