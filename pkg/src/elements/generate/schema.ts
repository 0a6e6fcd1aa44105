/** What is typed and set on the Generate screen. */
import type { Schema } from '../state.js';

/** What is typed and set on the Generate screen. */
export interface GenerateState {
  /** What is done with a model that comes with a chat template; others continue texts. */
  mode: 'chat' | 'text';
  /** The message that is being typed. */
  message: string;
  /** The conversation so far, in turn: the user's message, the model's answer, ... */
  said: string[];
  /** What the model is told before the conversation; empty leaves it to the model's template. */
  system: string;
  prompt: string;
  /** Generated text that is kept: the model continues after prompt and kept text. */
  kept: string;
  max_new_tokens: number;
  /** Sampling; false takes the likeliest token every time. */
  do_sample: boolean;
  temperature: number;
  top_k: number;
  top_p: number;
  min_p: number;
  repetition_penalty: number;
  /** No so many tokens in a row come twice; 0 allows all. */
  no_repeat_ngram_size: number;
  /** null: a new one each time. */
  seed: number | null;
  /** One stop string per line; `\n` stands for a line break. */
  stop: string;
}

/** The settings that texts and conversations want different values of. */
export type Manner = Pick<
  GenerateState,
  'max_new_tokens' | 'temperature' | 'top_p' | 'repetition_penalty' | 'no_repeat_ngram_size'
>;

/** Settings under which stories are told. */
export const TEXT: Manner = {
  max_new_tokens: 120,
  temperature: 0.8,
  top_p: 0.95,
  repetition_penalty: 1.2,
  // Whole phrases come again in good texts; so many tokens in a row are the beginning of a loop.
  no_repeat_ngram_size: 5,
};

/** Settings for answers, which may well repeat a phrase. */
export const CHAT: Manner = {
  max_new_tokens: 400,
  temperature: 0.2,
  top_p: 0.9,
  repetition_penalty: 1.1,
  no_repeat_ngram_size: 0,
};

/** Its keys in links. The ranges are narrower than the core's: what lies beyond them writes no text worth reading. */
export const generateSchema = {
  mode: { kind: 'choice', default: 'chat', of: ['chat', 'text'] },
  message: { kind: 'text', default: '', brief: true },
  // What was said is not for whoever is sent a link.
  said: { kind: 'list', default: [], most: 200, unshared: true },
  system: { kind: 'text', default: '', brief: true },
  prompt: { kind: 'text', default: '' },
  kept: { kind: 'text', default: '' },
  max_new_tokens: { kind: 'number', default: TEXT.max_new_tokens, min: 1, max: 1024, whole: true },
  do_sample: { kind: 'flag', default: true },
  temperature: { kind: 'number', default: TEXT.temperature, min: 0.05, max: 3 },
  top_k: { kind: 'number', default: 40, min: 0, max: 1000, whole: true },
  top_p: { kind: 'number', default: TEXT.top_p, min: 0.05, max: 1 },
  min_p: { kind: 'number', default: 0, min: 0, max: 1 },
  repetition_penalty: { kind: 'number', default: TEXT.repetition_penalty, min: 0.5, max: 2 },
  no_repeat_ngram_size: { kind: 'number', default: TEXT.no_repeat_ngram_size, min: 0, max: 20, whole: true },
  seed: { kind: 'seed', default: null },
  stop: { kind: 'text', default: '' },
} as const satisfies Schema<GenerateState>;
