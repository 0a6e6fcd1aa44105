/** What is typed and set on the Generate screen. */
import { LIMITS, type SamplingOptions } from '../../border/core.js';
import data from '../examples.json';
import { numberField, type Schema } from '../state.js';

/** How stories are told where nothing else is set; a test of the core holds the model to it. */
const STORY_SETTINGS = data.settings;

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
  | 'max_new_tokens'
  | 'do_sample'
  | 'temperature'
  | 'top_k'
  | 'top_p'
  | 'min_p'
  | 'repetition_penalty'
  | 'no_repeat_ngram_size'
>;

/** Settings under which stories are told. */
export const TEXT: Manner = {
  max_new_tokens: 120,
  do_sample: true,
  top_k: STORY_SETTINGS.top_k,
  min_p: 0,
  temperature: STORY_SETTINGS.temperature,
  top_p: STORY_SETTINGS.top_p,
  repetition_penalty: STORY_SETTINGS.repetition_penalty,
  // Whole phrases come again in good texts; so many tokens in a row are the beginning of a loop.
  no_repeat_ngram_size: STORY_SETTINGS.no_repeat_ngram_size,
};

/** Settings for answers, which may well repeat a phrase. */
export const CHAT: Manner = {
  max_new_tokens: 400,
  do_sample: true,
  top_k: STORY_SETTINGS.top_k,
  min_p: 0,
  temperature: 0.2,
  top_p: 0.9,
  repetition_penalty: 1.1,
  no_repeat_ngram_size: 0,
};

const limits = LIMITS['text-generation'];

/** Its keys in links. Ranges are narrower than the core's where what lies beyond them writes no text worth reading. */
export const generateSchema = {
  mode: { kind: 'choice', default: 'chat', of: ['chat', 'text'] },
  message: { kind: 'text', default: '', brief: true },
  // What was said is not for whoever is sent a link.
  said: { kind: 'list', default: [], most: 200, unshared: true },
  system: { kind: 'text', default: '', brief: true },
  prompt: { kind: 'text', default: '' },
  kept: { kind: 'text', default: '' },
  max_new_tokens: numberField(limits.max_new_tokens, { default: TEXT.max_new_tokens, max: 1024 }),
  do_sample: { kind: 'flag', default: true },
  temperature: numberField(limits.temperature, { default: TEXT.temperature, min: 0.05, max: 3 }),
  top_k: numberField(limits.top_k, { default: STORY_SETTINGS.top_k, max: 1000 }),
  top_p: numberField(limits.top_p, { default: TEXT.top_p, min: 0.05 }),
  min_p: numberField(limits.min_p),
  repetition_penalty: numberField(limits.repetition_penalty, { default: TEXT.repetition_penalty, min: 0.5, max: 2 }),
  no_repeat_ngram_size: numberField(limits.no_repeat_ngram_size, { default: TEXT.no_repeat_ngram_size, max: 20 }),
  seed: { kind: 'seed', default: null },
  stop: { kind: 'text', default: '' },
} as const satisfies Schema<GenerateState>;

/** What `suits` a view, but where the model's files say otherwise, within what the screen offers. */
export function mannerOf(suits: Manner, options: SamplingOptions = {}): Manner {
  const said = Object.keys(suits).map((key): [string, unknown] => {
    const field = generateSchema[key as keyof Manner];
    const value = options[key as keyof Manner];
    const offered = typeof value !== 'number' || field.kind !== 'number' || (value >= field.min && value <= field.max);
    return [key, offered ? value : undefined];
  });
  return { ...suits, ...Object.fromEntries(said.filter(([, value]) => value !== undefined)) };
}
