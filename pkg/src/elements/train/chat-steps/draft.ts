/** What the reader typed and chose for ChatGPT's steps. */
import type { ChatExample, ChatPair } from '../../../training/core-types.js';
import { trainWords } from '../../../words/train.js';
import { lineOf, linesOf, oneLine, partsOf } from '../fine-tune/draft.js';
import { valuesOf, type Values } from '../values.js';

const say = trainWords.chatSteps;

/** What is kept in the browser. */
export interface ChatDraft {
  /** A prompt and an answer a line. */
  readonly examples: string;
  /** A prompt a line. */
  readonly prompts: string;
  readonly choices: readonly ChatPair[];
  readonly scorePrompt: string;
  readonly scoreAnswer: string;
  readonly ask: string;
}

/** A short list to start from. */
export const START: ChatDraft = {
  examples: say.examples.join('\n'),
  prompts: say.examplePrompts.join('\n'),
  choices: [],
  scorePrompt: say.examplePrompts[0]!,
  scoreAnswer: '',
  ask: '',
};

/** Settings and their limits. */
export const FIELDS = {
  /** `gpt`, or the id of a run that this browser keeps. */
  model: 'gpt',
  epochs: { default: 8, min: 1, max: 200, whole: true },
  batch_size: { default: 4, min: 1, max: 64, whole: true },
  learning_rate: { default: 0.0003, min: 1e-6, max: 0.1 },
  preference_rate: { default: 0.00005, min: 1e-7, max: 0.1 },
  beta: { default: 0.1, min: 0.001, max: 10 },
  max_length: { default: 96, min: 16, max: 512, whole: true },
  seed: { default: 1, min: 0, max: 4_294_967_295, whole: true },
} as const;

/** Their values. */
export type ChatValues = Values<typeof FIELDS>;

/** All at their default. */
export const DEFAULTS: ChatValues = valuesOf(FIELDS, '');

/** Fewer teach nothing. */
export const LEAST_EXAMPLES = 4;
export const LEAST_CHOICES = 6;

/** The examples of the box; `wrong` is the first line that is none. */
export function examplesOf(text: string): { examples: ChatExample[]; wrong: number | undefined } {
  const examples: ChatExample[] = [];
  let wrong: number | undefined;
  for (const { line, number } of linesOf(text)) {
    const [prompt, response, ...more] = partsOf(line);
    if (prompt && response && more.length === 0) examples.push({ prompt, response });
    else wrong ??= number;
  }
  return { examples, wrong };
}

/** Every fifth choice is held back, from the third on. */
export function heldBack(choices: readonly ChatPair[]): { learnt: ChatPair[]; held: ChatPair[] } {
  const isHeld = (_: ChatPair, at: number): boolean => at % 5 === 2;
  return { learnt: choices.filter((one, at) => !isHeld(one, at)), held: choices.filter(isHeld) };
}

/** Examples and choices as a file. */
export const fileText = ({ examples, choices }: ChatDraft): string =>
  JSON.stringify({ examples: examplesOf(examples).examples, choices }, undefined, 1);

/** The draft with what a file has; undefined if that is nothing. */
export function withFile(draft: ChatDraft, text: string): ChatDraft | undefined {
  let file: { examples?: unknown; choices?: unknown };
  try {
    file = JSON.parse(text) as typeof file;
  } catch {
    return undefined;
  }
  const examples = rows(file?.examples, ['prompt', 'response']).map(lineOf);
  const choices = rows(file?.choices, ['prompt', 'chosen', 'rejected']).map(([prompt, chosen, rejected]): ChatPair => ({
    prompt: prompt!,
    chosen: chosen!,
    rejected: rejected!,
  }));
  if (examples.length === 0 && choices.length === 0) return undefined;
  // Nothing that was typed is lost: what is new stands behind it.
  const before = new Set(linesOf(draft.examples).map(({ line }) => line));
  const known = new Set(draft.choices.map((one) => JSON.stringify(one)));
  const more = examples.filter((line) => !before.has(line));
  return {
    ...draft,
    examples: [draft.examples.trimEnd(), ...more].filter(Boolean).join('\n'),
    choices: [...draft.choices, ...choices.filter((one) => !known.has(JSON.stringify(one)))],
  };
}

/** The values of these keys of each object of a list; objects that lack one are left out. */
function rows(list: unknown, keys: readonly string[]): string[][] {
  if (!Array.isArray(list)) return [];
  return list
    .map((one: Partial<Record<string, unknown>> | null) => keys.map((key) => one?.[key]))
    .filter((values): values is string[] => values.every((value) => typeof value === 'string' && value.trim() !== ''))
    .map((values) => values.map((value) => (keys.length === 2 ? oneLine(value) : value)));
}
