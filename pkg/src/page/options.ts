/** Which options there are, and what is said of one that there is not. */
import { LIMITS } from '../border/core.js';
import { invalidOption, type ClozeError } from '../border/errors.js';
import { nearest } from '../border/nearest.js';
import type {
  AttentionHeadsOptions,
  AttentionOptions,
  AttentionRolloutOptions,
  FeatureExtractionOptions,
  FillMaskOptions,
  InspectionOptions,
  JointFillOptions,
  LogitLensOptions,
  MaskingOptions,
  NearestTokensOptions,
  NextSentenceOptions,
  NextTokenOptions,
  PseudoPerplexityOptions,
  QuestionAnsweringOptions,
  SummarizationOptions,
  SurprisalOptions,
  TextClassificationOptions,
  TextGenerationOptions,
  TokenClassificationOptions,
} from '../border/types.js';
import type { TextStreamerOptions } from '../border/streaming.js';
import type { VerifyOptions } from '../files/storage/types.js';
import { optionErrors } from '../words/page/index.js';
import type { OpenModelOptions, OpenTokenizerOptions, PipelineOptions } from './load-options.js';
import type {
  ChatTemplateOptions,
  DecodeOptions,
  EncodeOptions,
  TokenizeOptions,
  TokenizerCallOptions,
} from './tokenizer/types.js';

/** How a value is checked here; those of `own` are checked by whoever takes them. */
type Check = 'function' | 'signal' | 'text' | 'flag' | 'own';
/** Every option of one place. */
type Options<O> = Readonly<Record<keyof O, Check>>;

const ofCalls = { signal: 'signal', replace: 'own' } as const;
const ofTexts = { ...ofCalls, pair: 'text' } as const satisfies Options<InspectionOptions>;
const ofLoads: Options<PipelineOptions> = {
  dtype: 'own',
  device: 'own',
  build: 'own',
  threads: 'own',
  model_file_name: 'text',
  revision: 'text',
  token: 'text',
  progress_callback: 'function',
  signal: 'signal',
  control: 'own',
};
const ofWriting = {
  ...ofCalls,
  ...(Object.fromEntries(Object.keys(LIMITS['text-generation']).map((name) => [name, 'own'])) as Options<
    (typeof LIMITS)['text-generation']
  >),
  do_sample: 'own',
  stop: 'own',
  on_token: 'function',
  on_prefill: 'function',
  num_return_sequences: 'own',
  streamer: 'own',
  callback_function: 'function',
} as const;

const ofTokenizers: Options<OpenTokenizerOptions> = {
  build: 'own',
  revision: 'text',
  token: 'text',
  progress_callback: 'function',
  signal: 'signal',
  default_tokenizer: 'own',
};

/** The options of each place that takes some. */
const OPTIONS = {
  'pipeline()': ofLoads,
  'openModel()': { ...ofLoads, default_model: 'own' } satisfies Options<OpenModelOptions>,
  'openTokenizer()': ofTokenizers,
  'AutoTokenizer.from_pretrained()': ofTokenizers,
  'tokenizer()': {
    text_pair: 'own',
    add_special_tokens: 'own',
    padding: 'own',
    truncation: 'own',
    max_length: 'own',
    return_tensor: 'own',
    return_token_type_ids: 'own',
    return_offsets_mapping: 'own',
  } satisfies Options<TokenizerCallOptions>,
  'tokenizer.encode()': { text_pair: 'text', add_special_tokens: 'flag' } satisfies Options<EncodeOptions>,
  'tokenizer.tokenize()': { pair: 'text', add_special_tokens: 'flag' } satisfies Options<TokenizeOptions>,
  'tokenizer.decode()': { skip_special_tokens: 'flag' } satisfies Options<DecodeOptions>,
  'tokenizer.apply_chat_template()': {
    tokenize: 'flag',
    add_generation_prompt: 'flag',
    chat_template: 'text',
    tools: 'own',
    documents: 'own',
    return_tensor: 'flag',
    return_dict: 'flag',
  } satisfies Options<ChatTemplateOptions>,
  TextStreamer: {
    skip_prompt: 'flag',
    skip_special_tokens: 'flag',
    callback_function: 'function',
    token_callback_function: 'function',
    decode_kwargs: 'own',
  } satisfies Options<TextStreamerOptions>,
  'fill-mask': {
    ...ofCalls,
    top_k: 'own',
    targets: 'own',
    context: 'own',
    joint: 'own',
    on_step: 'function',
  } satisfies Options<FillMaskOptions & JointFillOptions>,
  'masks() and predict()': {
    ...ofCalls,
    top_k: 'own',
    targets: 'own',
    context: 'own',
  } satisfies Options<FillMaskOptions>,
  'pseudo_perplexity()': { ...ofCalls, on_tokens: 'function' } satisfies Options<PseudoPerplexityOptions>,
  'next-sentence-prediction': { ...ofCalls, on_candidate: 'function' } satisfies Options<NextSentenceOptions>,
  'question-answering': {
    ...ofCalls,
    ...(Object.fromEntries(Object.keys(LIMITS['question-answering']).map((name) => [name, 'own'])) as Options<
      (typeof LIMITS)['question-answering']
    >),
    handle_impossible_answer: 'own',
    align_to_words: 'own',
    on_window: 'function',
  } satisfies Options<QuestionAnsweringOptions>,
  'text-classification': {
    ...ofCalls,
    top_k: 'own',
    function_to_apply: 'own',
  } satisfies Options<TextClassificationOptions>,
  'token-classification': {
    ...ofCalls,
    aggregation_strategy: 'own',
    ignore_labels: 'own',
    stride: 'own',
    on_window: 'function',
  } satisfies Options<TokenClassificationOptions>,
  'feature-extraction': {
    ...ofCalls,
    pooling: 'own',
    normalize: 'own',
    quantize: 'flag',
    precision: 'own',
  } satisfies Options<FeatureExtractionOptions>,
  'text-generation': {
    ...ofWriting,
    return_full_text: 'flag',
    chat_template: 'text',
    tools: 'own',
    documents: 'own',
    continue_final_message: 'own',
    tokenizer_encode_kwargs: 'own',
  } satisfies Options<TextGenerationOptions>,
  summarization: {
    ...ofWriting,
    cue: 'own',
    truncation: 'own',
    sentences: 'own',
  } satisfies Options<SummarizationOptions>,
  'inspect.attentions()': { ...ofTexts, layer: 'own' } satisfies Options<AttentionOptions>,
  'inspect.attention_heads()': { ...ofTexts, size: 'own' } satisfies Options<AttentionHeadsOptions>,
  'inspect.attention_rollout()': { ...ofTexts, layer: 'own' } satisfies Options<AttentionRolloutOptions>,
  'inspect.tokenize()': ofTexts,
  'inspect.hidden_states()': ofTexts,
  'inspect.input_embeddings()': ofTexts,
  'inspect.nearest_tokens()': { ...ofCalls, count: 'own' } satisfies Options<NearestTokensOptions>,
  'inspect.surprisal()': { ...ofCalls, on_progress: 'function' } satisfies Options<SurprisalOptions>,
  'inspect.next_token()': { ...ofCalls, top_k: 'own' } satisfies Options<NextTokenOptions>,
  'inspect.mask_for_training()': {
    ...ofTexts,
    seed: 'own',
    mlm_probability: 'own',
    always_mask: 'own',
  } satisfies Options<MaskingOptions>,
  'inspect.tokenization_steps()': ofCalls,
  'inspect.logit_lens()': { ...ofTexts, top_k: 'own', on_progress: 'function' } satisfies Options<LogitLensOptions>,
  'models.verify()': { on_progress: 'function', signal: 'signal' } satisfies Options<VerifyOptions>,
} as const satisfies Record<string, Readonly<Record<string, Check>>>;

/** A place that takes options. */
export type Place = keyof typeof OPTIONS;

/**
 * The options that were given, without those that are undefined or null.
 *
 * @throws ClozeError `invalid_option` for one that does not exist there, and a signal, function or text that is none
 */
export function given<O extends object>(place: Place, options: O | null | undefined): O {
  const found: Record<string, unknown> = {};
  if (options === undefined || options === null) return found as O;
  if (typeof options !== 'object' || Array.isArray(options)) throw invalidOption('options', optionErrors.noObject);
  const there: Readonly<Record<string, Check>> = OPTIONS[place];
  // Not only its own ones: it may have been made from defaults by Object.create.
  for (const name in options) {
    const value: unknown = options[name];
    if (value === undefined || value === null) continue;
    if (!Object.hasOwn(there, name)) throw unknownOption(place, name, Object.keys(there));
    check(name, value, there[name]!);
    found[name] = value;
  }
  return found as O;
}

/** For a name that none of `names` in `place` is. */
export function unknownOption(place: string, name: string, names: readonly string[]): ClozeError {
  const near = nearest(name, names);
  if (near !== undefined) return invalidOption(name, optionErrors.meant(place, near), { nearest: near });
  const others = Object.keys(OPTIONS).filter((other) => Object.hasOwn(OPTIONS[other as Place], name));
  return invalidOption(
    name,
    others.length > 0 ? optionErrors.elsewhere(place, others, names) : optionErrors.unknown(place, names),
  );
}

function check(name: string, value: unknown, how: Check): void {
  if (how === 'flag' && typeof value !== 'boolean') throw invalidOption(name, optionErrors.flag(String(value)));
  if (how === 'text' && typeof value !== 'string') throw invalidOption(name, optionErrors.string(typeof value));
  if (how === 'function' && typeof value !== 'function') throw invalidOption(name, optionErrors.function(typeof value));
  if (how === 'signal' && !isSignal(value)) throw invalidOption(name, optionErrors.signal);
}

/** By what it can do: it may come from another window. */
const isSignal = (value: unknown): value is AbortSignal =>
  typeof value === 'object' &&
  typeof (value as AbortSignal).aborted === 'boolean' &&
  typeof (value as AbortSignal).addEventListener === 'function';
