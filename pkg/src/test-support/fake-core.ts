/** A core made of JavaScript, for tests of what lies around the real one: it writes the words it was told to. */
import type {
  Candidate,
  Comparison,
  Embeddings,
  GeneratedToken,
  GenerationStep,
  JointStep,
  ModelFiles,
  ModelInfo,
  ScoredToken,
  SummaryPlan,
  TokenInfo,
  Tokenization,
  TokenProbability,
  WindowRead,
} from '../border/core.js';
import type { ErrorCode } from '../border/errors.js';
import { fakeInspection } from './fake-inspection.js';
import type { Core, Generation, Model, Scoring, TextTokenizer } from '../worker/core.js';

/** What a fake core did. */
export interface FakeCore {
  wasm: Core;
  /** The small files it was given. */
  files: ModelFiles;
  /** Bytes of weights pushed. */
  pushed: number;
  /** Bytes that a trap was for, if it was for memory. */
  refused: number;
  /** Weight files that were ended by `end_file`. */
  files_ended: number;
  chunks: number;
  /** Names of the model's calls, in order. */
  calls: string[];
  /** Objects not freed yet. */
  alive: number;
}

/** An error as the core throws it. */
export const coreError = (code: ErrorCode, message: string, details?: object): Error =>
  Object.assign(new Error(message), { code, ...(details && { details }) });

/** An object of the core, which is freed by hand or by `using`. */
const owned = <T extends object>(
  object: T,
  free: () => void,
): T & Pick<Generation, 'free' | typeof Symbol.dispose> => ({
  ...object,
  free,
  [Symbol.dispose]: free,
});

const INFO: ModelInfo = {
  kind: 'decoder',
  reads: 'left-to-right',
  heads: ['mlm', 'nsp', 'lm', 'sequence-classification'],
  labels: ['BAD', 'GOOD', 'SO-SO'],
  chat: true,
  architecture: 'gpt2',
  model_type: 'gpt2',
  hidden_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 1,
  vocab_size: 100,
  max_position_embeddings: 64,
  parameters: 1000,
  weight_bytes: 1000,
  dtype: 'q8',
  has_mlm_head: true,
  has_nsp_head: true,
  mask_token: '[MASK]',
  mask_takes_blanks: false,
  has_chat_template: true,
  warnings: [],
  generation: {
    source: null,
    eos_token_id: [0],
    bos_token_id: null,
    pad_token_id: null,
    decoder_start_token_id: null,
    options: {},
    ignored: [],
  },
};

const configOf = ({ config }: ModelFiles): Partial<ModelInfo> => {
  try {
    return JSON.parse(new TextDecoder().decode(config)) as Partial<ModelInfo>;
  } catch {
    return {};
  }
};

/** Makes one. Texts that begin with `trap` crash it, those with `later trap` or `deep trap` at their second token; `refuse` is refused. Generation writes `max_new_tokens` words. */
export function fakeCore(): FakeCore {
  const core: FakeCore = {
    wasm: undefined as never,
    files: {},
    pushed: 0,
    refused: 0,
    files_ended: 0,
    chunks: 0,
    calls: [],
    alive: 0,
  };

  const enter = (call: string, text: string): void => {
    core.calls.push(`${call} ${text}`);
    if (text.startsWith('trap')) throw new WebAssembly.RuntimeError('unreachable');
    if (text.includes('refuse'))
      throw coreError('empty_input', 'The text has no tokens. Write something.', { input: text });
  };

  const token = (index: number): GeneratedToken => ({
    id: index,
    token: ` w${index}`,
    text: ` w${index}`,
    logprob: -1,
    top: [],
  });

  const generation = (prompt: string, options: { max_new_tokens?: number }, summary: boolean): Generation => {
    const most = options.max_new_tokens ?? 3;
    let [read, written] = [false, 0];
    let text = '';
    let borrowed = false;
    const crash = (error: Error): never => {
      borrowed = true;
      throw error;
    };
    core.alive++;
    const next = (): GenerationStep => {
      if (!read) {
        read = true;
        return { type: 'prefill', done: 2, total: 2 };
      }
      if (written === most) return { type: 'done', finish_reason: 'length', text, tail: '' };
      const next = token(written++);
      if (prompt.includes('later trap') && written === 2)
        crash(new WebAssembly.RuntimeError('memory access out of bounds'));
      if (prompt.includes('deep trap') && written === 2) crash(new RangeError('Maximum call stack size exceeded'));
      text += next.text;
      return { type: 'token', token: next };
    };
    const rest = {
      prompt_len: () => 1,
      prompt_ids: () => Uint32Array.of(7),
      text: () => text,
      plan: () => (summary ? plan(prompt) : undefined),
    };
    return owned({ next, ...rest }, () => {
      // So does wasm-bindgen when a trap went past its borrow.
      if (borrowed) throw new Error('attempted to take ownership of Rust value while it was borrowed');
      core.alive--;
    });
  };

  const plan = (document: string): SummaryPlan => ({
    prompt: `${document}\nTL;DR:`,
    prompt_tokens: 4,
    document_tokens: 1,
    cue_tokens: 3,
    context: 64,
    budget: 50,
    left_out: null,
  });

  const tokenInfo = (token: string, end = token.length): TokenInfo => ({
    id: 1,
    token,
    start: 0,
    end,
    sequence: 0,
    type_id: 0,
    special: false,
    word: 0,
  });

  const candidate = (text: string, index: number): Candidate => ({
    score: 0.5 / (index + 1),
    token: index,
    token_str: `w${index}`,
    sequence: text.replace('[MASK]', `w${index}`),
    text: `w${index}`,
    joins: false,
  });

  const guesses = (length: number): TokenProbability[] =>
    Array.from({ length }, (_, index) => ({ token: `w${index}`, token_id: index, probability: 0.5 / (index + 1) }));

  /** Each word is a token of its own. */
  const wordTokens = (text: string): TokenInfo[] =>
    [...text.matchAll(/\S+/gu)].map(({ index, 0: word }, id) => ({
      ...tokenInfo(word, index + word.length),
      id,
      start: index,
      word: id,
    }));

  /** Each word is cut after its first letter. */
  const cut = (text: string): Tokenization => ({
    kind: 'wordpiece',
    byte_level: false,
    normalized: text,
    words: wordTokens(text).map(({ token, start, end }) => ({
      text: token,
      start,
      end,
      pieces: [token.slice(0, 1), `##${token.slice(1)}`],
      ids: [1, 2],
      bytes: [...new TextEncoder().encode(token)],
      added: false,
      shown: true,
      symbols: [],
      merges: [],
      lattice: [],
      tried: [
        { piece: token, found: false },
        { piece: token.slice(0, 1), found: true },
        { piece: `##${token.slice(1)}`, found: true },
      ],
    })),
  });

  /** `[CLS]` and `[SEP]` around words, which have the ids of their places. */
  const tokenizer = (): TextTokenizer =>
    owned(
      {
        tokenize: (text: string, pair?: string | null, special = true): TokenInfo[] => {
          enter('tokenize', text);
          const added = (token: string, id: number): TokenInfo => ({
            ...tokenInfo(token, 0),
            id,
            sequence: null,
            special: true,
            word: null,
          });
          const second = wordTokens(pair ?? '').map((token) => ({ ...token, sequence: 1, type_id: 1 }));
          const tokens = [...wordTokens(text), ...second];
          return special ? [added('[CLS]', 90), ...tokens, added('[SEP]', 91)] : tokens;
        },
        steps: (text: string): Tokenization => {
          enter('tokenization_steps', text);
          return cut(text);
        },
        decode: (ids: Uint32Array, skip: boolean): string =>
          [...ids]
            .filter((id) => !skip || id < 90)
            .map((id) => `t${id}`)
            .join(' '),
        special_ids: () => Uint32Array.of(93, 92, 91, 90),
        named_token: (name: string) => ({ cls_token: 90, sep_token: 91, mask_token: 92, pad_token: 93 })[name],
        id_to_token: (id: number) => ({ 90: '[CLS]', 91: '[SEP]', 92: '[MASK]', 93: '[PAD]' })[id],
        token_to_id: (token: string) => ({ '[MASK]': 92, words: 1 })[token],
        chat_prompt: ({ messages }: { messages: readonly { role: string; content: string }[] }) =>
          messages.map(({ role, content }) => `<${role}>${content}`).join(''),
        vocab_size: () => 100,
      },
      () => undefined,
    ) as unknown as TextTokenizer;

  const masks = (text: string): number[] => [...text.matchAll(/\[MASK\]/gu)].map((match) => match.index);

  const freed = (): void => void core.alive--;

  /** Scores two words at a time. */
  const scoring = (texts: readonly string[]): Scoring => {
    const left = texts.flatMap((text, number) => wordTokens(text).map((token) => ({ number, token })));
    core.alive++;
    const next = (): ScoredToken[] | undefined => {
      const batch = left.splice(0, 2);
      if (batch.length === 0) return undefined;
      return batch.map(({ number, token: { token, start, end } }) => ({
        token: 7,
        token_str: token,
        text: number,
        start,
        end,
        log_prob: -1,
        rank: 2,
        top: guesses(3),
      }));
    };
    return owned({ next, perplexity: () => Math.E }, freed);
  };

  /** Two windows, then the result. */
  const windows = <R>(result: R): { next(): WindowRead | undefined; result(): R } & ReturnType<typeof owned> => {
    let index = 0;
    core.alive++;
    const next = (): WindowRead | undefined => (index < 2 ? { type: 'window', index: index++, windows: 2 } : undefined);
    return owned({ next, result: () => result }, freed);
  };

  const methods: Partial<Model> = {
    // A tokenizer out of the weights does not say how it finds words.
    // `config.json` says of it what a test wants to be said.
    info: () => ({
      ...INFO,
      ...configOf(core.files),
      warnings: core.pushed > 0 && !core.files.tokenizer ? ['no_pre_tokenizer'] : [],
    }),
    text_tokenizer: () => tokenizer(),
    fill_mask(text, options) {
      enter('fill_mask', text);
      const found = masks(text);
      if (found.length === 0) throw coreError('no_mask', 'The text has no [MASK].');
      const { top_k: length = 5 } = options;
      return {
        tokens: [tokenInfo(text)],
        masks: found.map((start) => ({
          start,
          end: start + 6,
          candidates: Array.from({ length }, (_, index) => candidate(text, index)),
        })),
      };
    },
    joint_fill(text) {
      enter('joint_fill', text);
      const found = masks(text);
      let filled = text;
      let mask = 0;
      core.alive++;
      const next = (): JointStep | undefined => {
        const start = found[mask];
        if (start === undefined) return undefined;
        const chosen = candidate(filled, mask);
        filled = chosen.sequence;
        return { ...chosen, mask: mask++, start, end: start + 6, candidates: [chosen] };
      };
      return owned({ next, sequence: () => filled, log_prob: () => Math.log(0.25) }, freed);
    },
    next_sentences(a, candidates) {
      // Two at a time, the last ones first: as the core does, which does not keep the order.
      const left = [...candidates.entries()];
      core.alive++;
      const next = (): Comparison[] | undefined => {
        const batch = left.splice(-2);
        if (batch.length === 0) return undefined;
        return batch.map(([index, b]) => {
          enter('next_sentences', `${a}|${b}`);
          const is_next = 1 / (1 + b.length);
          const label = is_next >= 0.5 ? 'isNext' : 'notNext';
          return { index, label, score: Math.max(is_next, 1 - is_next), is_next, not_next: 1 - is_next, tokens: 5 };
        });
      };
      return owned({ next }, freed);
    },
    pseudo_perplexity(text) {
      enter('pseudo_perplexity', text);
      return scoring([text]);
    },
    pseudo_perplexities(texts) {
      enter('pseudo_perplexities', texts.join('|'));
      return scoring(texts);
    },
    answer_question(question, context, { top_k = 1 } = {}) {
      enter('answer_question', `${question}|${context}`);
      const words = [...context.matchAll(/[^\s\u200b]+/gu)];
      const answers = words.slice(0, top_k).map(({ index: start, 0: answer }, at) => {
        return { answer, score: 0.5 / (at + 1), start, end: start + answer.length };
      });
      return windows({ answers, null_score: 0.125, tokens: words.length, windows: 2 });
    },
    classify(text, pair, { top_k = 1, function_to_apply = 'softmax' } = {}) {
      enter('classify', [text, pair ?? '', function_to_apply].join('|'));
      const labels = INFO.labels!.map((label, index) => ({ label, score: 0.5 / (index + 1) }));
      return { labels: labels.slice(0, top_k), tokens: 5, function_to_apply };
    },
    tag(text, { aggregation_strategy = 'none', ignore_labels = ['O'] } = {}) {
      enter('tag', text);
      const found = [...text.matchAll(/\S+/gu)].map(({ index: start, 0: word }, index) => {
        const label = /^\p{Lu}/u.test(word) ? 'PER' : 'O';
        const named = aggregation_strategy === 'none' ? { entity: label, index: index + 1 } : { entity_group: label };
        return { ...named, score: 0.5, word, start, end: start + word.length };
      });
      return windows(found.filter(({ entity, entity_group }) => !ignore_labels.includes((entity ?? entity_group)!)));
    },
    embed(texts, { pooling = 'none' } = {}) {
      const left = [...texts];
      core.alive++;
      const next = (): Embeddings | undefined => {
        const text = left.shift();
        if (text === undefined) return undefined;
        enter('embed', text);
        const rows = pooling === 'none' ? text.length : 1;
        const data = Float32Array.from({ length: 2 * rows }, (_, index) => index + 1);
        const dims = pooling === 'none' ? [1, rows, 2] : [1, 2];
        return { data, dims, index: texts.length - left.length - 1, tokens: [text.length] };
      };
      return owned({ next }, freed);
    },
    generate(prompt, options) {
      enter('generate', prompt);
      return generation(prompt, options, false);
    },
    chat({ messages, tools }, options) {
      const turns = messages as readonly { role: string; content: string }[];
      const prompt = turns.map(({ role, content }) => `<${role}>${content}`).join('') + (tools ? '<tools>' : '');
      enter('chat', prompt);
      return generation(prompt, options, false);
    },
    summary_plan(document) {
      enter('summary_plan', document);
      return plan(document);
    },
    summarize(document, options) {
      enter('summarize', document);
      return generation(document, options, true);
    },
    surprisal(text) {
      enter('surprisal', text);
      const tokens = wordTokens(text);
      const bits = Float32Array.from(tokens, (_, index) => (index === 0 ? NaN : index));
      const total_bits = bits.reduce((sum, one) => sum + (one || 0), 0);
      const result = {
        tokens,
        bits,
        ranks: Uint32Array.from(tokens, (_, index) => index),
        top: tokens.map((_, index) => (index === 0 ? [] : guesses(3))),
        perplexity: 2 ** (total_bits / Math.max(1, tokens.length - 1)),
        bits_per_byte: total_bits / text.length,
        total_bits,
      };
      let done = 0;
      core.alive++;
      const next = (): { done: number; total: number } | undefined =>
        done < tokens.length ? { done: (done += 1), total: tokens.length } : undefined;
      return owned({ next, result: () => result }, freed);
    },
    next_token(text, { top_k = 5 }) {
      enter('next_token', text);
      return guesses(top_k);
    },
    mask_for_training(text, pair, { seed = 0 }) {
      enter('mask_for_training', text);
      const tokens = [...wordTokens(text), ...wordTokens(pair ?? '').map((token) => ({ ...token, sequence: 1 }))];
      const index = seed % tokens.length;
      const { token } = tokens[index]!;
      const chosen = {
        index,
        kind: 'mask' as const,
        token,
        loss: Math.LN2,
        probability: 0.5,
        rank: 1,
        top: guesses(5),
      };
      return {
        tokens,
        input_ids: tokens.map(({ id }) => id),
        input_tokens: tokens.map(({ token }, at) => (at === index ? '[MASK]' : token)),
        chosen: [chosen],
        mlm_loss: Math.LN2,
        nsp:
          pair === undefined || pair === null
            ? null
            : { is_next_probability: 0.5, loss_if_next: Math.LN2, loss_if_random: Math.LN2 },
      };
    },
  };
  const inspection = fakeInspection(enter, { made: () => core.alive++, freed });
  const model = owned({ ...methods, ...inspection }, () => undefined) as Model;

  core.wasm = {
    default: async () => ({ memory: undefined as never }),
    build_info: () => ({ version: '0.0.0-test', simd: 'simd128', threads: false }),
    memory_bytes: () => 65536,
    refused_bytes: () => core.refused,
    ModelLoader: class {
      constructor(files: ModelFiles) {
        core.files = files;
        core.alive++;
      }
      push(chunk: Uint8Array): void {
        core.pushed += chunk.byteLength;
        core.chunks++;
      }
      end_file(): void {
        core.files_ended++;
      }
      finish(): Model {
        core.alive--;
        if (core.pushed === 0) throw coreError('truncated_weights', 'The weights end before they begin.');
        return model;
      }
      free(): void {
        core.alive--;
      }
      [Symbol.dispose](): void {
        this.free();
      }
    },
    TextTokenizer: class {
      private constructor() {}
      static from_files(files: ModelFiles): TextTokenizer {
        core.files = files;
        return tokenizer();
      }
    } as unknown as Core['TextTokenizer'],
    shard_names(index) {
      const { weight_map } = JSON.parse(new TextDecoder().decode(index)) as { weight_map: Record<string, string> };
      return [...new Set(Object.values(weight_map))].sort();
    },
  };
  return core;
}
