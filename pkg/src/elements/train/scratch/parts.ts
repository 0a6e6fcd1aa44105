/** All that shows what a run learns: samples, and what is folded away below them. */
import { html, type TemplateResult } from 'lit';
import type { LiveRun } from '../runs.js';
import { AttentionPart } from './attention.js';
import { BatchPart } from './batch.js';
import { ContextsPart } from './contexts.js';
import { DependencePart } from './dependence.js';
import type { Desk } from './desk.js';
import { PairPart } from './pair.js';
import { Samples } from './samples.js';
import type { Starts } from './starts.js';
import { VocabularyPart } from './vocabulary.js';

/** The parts. */
export class Parts {
  readonly samples: Samples;
  readonly #attention: AttentionPart;
  readonly #pair: PairPart;
  readonly #dependence: DependencePart;
  readonly #contexts: ContextsPart;
  readonly #batch: BatchPart;
  readonly #vocabulary: VocabularyPart;

  constructor(desk: Desk) {
    this.samples = new Samples(desk);
    this.#attention = new AttentionPart(desk);
    this.#pair = new PairPart(desk);
    this.#dependence = new DependencePart(desk);
    this.#contexts = new ContextsPart(desk);
    this.#batch = new BatchPart(desk);
    this.#vocabulary = new VocabularyPart(desk);
  }

  /** Puts what suits a text into the parts; what a run is asked for at its steps, it knows itself. */
  begin({ run }: LiveRun, starts: Starts): void {
    const { prompt, probe } = run.plan.sample;
    this.samples.prompt = prompt || starts.prompt;
    this.samples.probe = probe || starts.probe;
    this.#attention.text = starts.sentence;
    this.#dependence.text = starts.double;
    this.#vocabulary.sentence = starts.sentence;
    [this.#pair.a, this.#pair.b] = starts.pair;
    [this.#contexts.a, this.#contexts.b] = starts.contexts;
    this.#contexts.word = starts.word;
  }

  renderFolded(live: LiveRun): TemplateResult {
    return html`<div class="parts">
      ${this.#attention.render(live)} ${this.#pair.render(live)} ${this.#dependence.render(live)}
      ${this.#contexts.render(live)} ${this.#batch.render(live)} ${this.#vocabulary.render(live)}
    </div>`;
  }
}
