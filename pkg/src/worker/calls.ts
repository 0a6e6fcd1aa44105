/** What each call of the protocol runs in the core. */
import type { CallName, Calls, GenerationDone, GenerationEvent, PromptRead } from '../border/protocol.js';
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
type LoadCall = 'load' | 'load_tokenizer';

/** The calls that a tokenizer answers, a model's or one without a model. */
type TokenizerCall = 'tokenize' | 'tokenization_steps' | 'decode' | 'token_ids' | 'chat_prompt';

/**
 * Each call and the method of `Model` (`crate/src/wasm/model.rs`) that it runs.
 */
export const CALLS: { [N in Exclude<CallName, LoadCall | TokenizerCall>]: Runs<N> } = {
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
      (options.pooling ?? 'none') === 'none'
        ? withTokenizer(model, (tokenizer) => texts.map((text) => tokenizer.tokenize(text)))
        : null,
    ),
  generate: (model, { prompt, options, echo }, context) =>
    write(model.generate(prompt, options), context, echo && model),
  chat: (model, { conversation, options, echo }, context) =>
    write(model.chat(conversation, options), context, echo && model),
  summary_plan: (model, { document, options }) => model.summary_plan(document, options),
  summarize: (model, { document, options, echo }, context) =>
    write(model.summarize(document, options), context, echo && model),
  surprisal: (model, { text }, context) => drive(model.surprisal(text), context, (steps) => steps.result()),
  pseudo_perplexities: (model, { texts }, context) =>
    drive(model.pseudo_perplexities(texts), context, (scoring) => ({
      perplexities: texts.map((_, index) => scoring.perplexity(index)),
    })),
  next_token: (model, { text, options }) => model.next_token(text, options),
  mask_for_training: (model, { text, pair, options }) => model.mask_for_training(text, pair, options),
  attentions: (model, { text, pair, options }) => model.attentions(text, pair, options),
  attention_heads: (model, { text, pair, options }) => model.attention_heads(text, pair, options),
  attention_rollout: (model, { text, pair, options }) => model.attention_rollout(text, pair, options),
  hidden_states: (model, { text, pair }) => model.hidden_states(text, pair),
  input_embeddings: (model, { text, pair }) => model.input_embeddings(text, pair),
  nearest_tokens: (model, { ids, count }) => model.nearest_tokens(ids, count),
  logit_lens: (model, { text, pair, options }, context) =>
    drive(model.logit_lens(text, pair, options), context, (lens) => lens.result()),
};

/** Each call and the method of `TextTokenizer` (`crate/src/wasm/text_tokenizer.rs`) that it runs. */
export const TOKENIZER_CALLS: {
  [N in TokenizerCall]: (tokenizer: TextTokenizer, params: Calls[N]['params']) => Calls[N]['result'];
} = {
  tokenize: (tokenizer, { text, pair, add_special_tokens }) => tokenizer.tokenize(text, pair, add_special_tokens),
  tokenization_steps: (tokenizer, { text }) => tokenizer.steps(text),
  decode: (tokenizer, { ids, skip_special_tokens }) => tokenizer.decode(Uint32Array.from(ids), skip_special_tokens),
  token_ids: (tokenizer, { tokens }) => tokens.map((token) => tokenizer.token_to_id(token) ?? null),
  chat_prompt: (tokenizer, { conversation }) => tokenizer.chat_prompt(conversation),
};

/** Whether a tokenizer answers a call. */
export const isTokenizerCall = (call: CallName): call is TokenizerCall => Object.hasOwn(TOKENIZER_CALLS, call);

/** Asks a model's tokenizer. */
function withTokenizer<T>(model: Model, ask: (tokenizer: TextTokenizer) => T): T {
  const tokenizer = model.text_tokenizer();
  try {
    return ask(tokenizer);
  } finally {
    free(tokenizer);
  }
}

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

/** Drives a generation to its end; the prompt's tokens are told if their `reader` is named. */
async function write(
  generation: Generation,
  { tell, breathe }: Context<GenerationEvent>,
  reader: Model | false | undefined,
): Promise<GenerationDone> {
  try {
    const plan = generation.plan();
    if (plan) tell({ type: 'plan', plan });
    if (reader) tell({ type: 'prompt', ...promptRead(reader, generation.prompt_ids()) });
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

const promptRead = (model: Model, ids: Uint32Array): PromptRead =>
  withTokenizer(model, (tokenizer) => ({
    ids: [...ids],
    text: tokenizer.decode(ids, true),
    full_text: tokenizer.decode(ids, false),
  }));
