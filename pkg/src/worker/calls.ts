/** What each call of the protocol runs in the core. */
import type { CallName, Calls, GenerationDone, GenerationEvent } from '../border/protocol.js';
import type { Generation, Model, TextTokenizer } from './core.js';
import { free } from './free.js';

/** What a call can do besides computing. */
export interface Context<Event> {
  /** Sends something to the page before the result. */
  tell(event: Event): void;
  /** Lets messages in, then throws `aborted` if one of them stopped this call. */
  breathe(): Promise<void>;
}

type Runs<N extends CallName> = (
  model: Model,
  params: Calls[N]['params'],
  context: Context<Calls[N]['event']>,
) => Calls[N]['result'] | Promise<Calls[N]['result']>;

/** The calls that make what the others are asked of. */
export type LoadCall = 'load' | 'load_tokenizer';

/**
 * Each call and the method of `Model` (`crate/src/wasm/model.rs`) that it runs.
 */
export const CALLS: { [N in Exclude<CallName, LoadCall>]: Runs<N> } = {
  tokenize: (model, { text, pair }) => model.tokenize(text, pair),
  fill_mask: (model, { text, options }) => model.fill_mask(text, options),
  joint_fill: (model, { text, options }, context) =>
    drive(model.joint_fill(text, options), context, (fill) => ({
      sequence: fill.sequence(),
      log_prob: fill.log_prob(),
    })),
  next_sentences: (model, { a, candidates }, context) =>
    drive(model.next_sentences(a, candidates), context, () => null),
  answer_question: (model, { question, context: read, options }, context) =>
    drive(model.answer_question(question, read, options), context, (answering) => answering.result()),
  classify: (model, { text, pair, options }) => model.classify(text, pair, options),
  tag: (model, { text, options }, context) => drive(model.tag(text, options), context, (tagging) => tagging.result()),
  embed: (model, { texts, options }, context) =>
    drive(model.embed(texts, options), context, () =>
      (options.pooling ?? 'none') === 'none' ? texts.map((text) => model.tokenize(text)) : null,
    ),
  generate: (model, { prompt, options }, context) => write(model.generate(prompt, options), context),
  chat: (model, { conversation, options }, context) => write(model.chat(conversation, options), context),
  summary_plan: (model, { document, options }) => model.summary_plan(document, options),
  summarize: (model, { document, options }, context) => write(model.summarize(document, options), context),
  surprisal: (model, { text }, context) => drive(model.surprisal(text), context, (steps) => steps.result()),
  pseudo_perplexities: (model, { texts }, context) =>
    drive(model.pseudo_perplexities(texts), context, (scoring) => ({
      perplexities: texts.map((_, index) => scoring.perplexity(index)),
    })),
  next_token: (model, { text, options }) => model.next_token(text, options),
  mask_for_training: (model, { text, pair, options }) => model.mask_for_training(text, pair, options),
  tokenization_steps: (model, { text }) => model.tokenization_steps(text),
  attentions: (model, { text, pair, options }) => model.attentions(text, pair, options),
  attention_heads: (model, { text, pair, options }) => model.attention_heads(text, pair, options),
  attention_rollout: (model, { text, pair, options }) => model.attention_rollout(text, pair, options),
  hidden_states: (model, { text, pair }) => model.hidden_states(text, pair),
  input_embeddings: (model, { text, pair }) => model.input_embeddings(text, pair),
  nearest_tokens: (model, { ids, count }) => model.nearest_tokens(ids, count),
  logit_lens: (model, { text, pair, options }, context) =>
    drive(model.logit_lens(text, pair, options), context, (lens) => lens.result()),
};

/** What a tokenizer without a model answers. */
export const TOKENIZER_CALLS = {
  tokenize: (tokenizer: TextTokenizer, { text, pair, add_special_tokens }: Calls['tokenize']['params']) =>
    tokenizer.tokenize(text, pair, add_special_tokens),
  tokenization_steps: (tokenizer: TextTokenizer, { text }: Calls['tokenization_steps']['params']) =>
    tokenizer.steps(text),
} as const;

/** Work of the core that is done step by step. */
interface Steps<Step> {
  next(): Step | undefined;
  free(): void;
}

/** Tells step after step; the result is made by `end` once all are told. */
async function drive<Step, S extends Steps<Step>, Result>(
  steps: S & Steps<Step>,
  { tell, breathe }: Context<Step>,
  end: (steps: S) => Result,
): Promise<Result> {
  try {
    for (let step = steps.next(); step !== undefined; step = steps.next()) {
      tell(step);
      await breathe();
    }
    return end(steps);
  } finally {
    free(steps);
  }
}

/** Drives a generation to its end. */
async function write(generation: Generation, { tell, breathe }: Context<GenerationEvent>): Promise<GenerationDone> {
  try {
    const plan = generation.plan();
    if (plan) tell({ type: 'plan', plan });
    const prompt_tokens = generation.prompt_len();
    const start = performance.now();
    let prefilled = start;
    for (;;) {
      const step = generation.next();
      if (step.type === 'done') {
        const { text, finish_reason } = step;
        return {
          text,
          finish_reason,
          prompt_tokens,
          prefill_ms: prefilled - start,
          decode_ms: performance.now() - prefilled,
          ...(plan && { plan }),
        };
      }
      if (step.type === 'prefill') prefilled = performance.now();
      // A beam search tells nothing until a token is certain.
      if (step.type !== 'search') tell(step);
      await breathe();
    }
  } finally {
    free(generation);
  }
}
