/**
 * The state of the page in the address's fragment: `#task=fill-mask&text=The+[MASK].&top_k=5`.
 * A fragment is never sent to a server, so what is typed stays on this machine even when it is in the link.
 */
import type { FillMaskState, GenerateState, ModelsState, NextSentenceState, SummarizeState } from 'cloze/elements';

export const TASKS = ['fill-mask', 'next-sentence', 'generate', 'summarize', 'models'] as const;
export type Task = (typeof TASKS)[number];
export type Value = string | number | boolean | string[];
export type State = Record<string, Value>;

export interface Screen {
  task: Task;
  state: State;
  /** Run at once: the link was shared with a result on the screen. */
  run: boolean;
}

export interface Parsed {
  /** Absent when the fragment is empty or names no task that exists. */
  screen: Screen | undefined;
  /** What was ignored, in words for the reader. */
  problems: string[];
}

/** Longer links are cut off by browsers, mail and chat programs. */
export const MAX_LENGTH = 60_000;

type Kind = 'text' | 'number' | 'boolean' | 'list';

/** All that is typed and set on each screen. */
interface States {
  'fill-mask': FillMaskState;
  'next-sentence': NextSentenceState;
  generate: GenerateState;
  summarize: SummarizeState;
  models: ModelsState;
}

/** Not in links: a conversation is for those who have it. */
type Unshared = 'said';

/** The keys of each screen, as the elements' `state` names them; `model` is the one that a screen uses, if it is not the page's own. */
const KEYS: { readonly [T in Task]: Readonly<Record<Exclude<keyof States[T], Unshared> | 'model', Kind>> } = {
  'fill-mask': { model: 'text', text: 'text', top_k: 'number', joint: 'text', targets: 'text' },
  'next-sentence': { model: 'text', a: 'text', b: 'text', candidates: 'list' },
  generate: {
    model: 'text',
    mode: 'text',
    message: 'text',
    system: 'text',
    prompt: 'text',
    kept: 'text',
    max_new_tokens: 'number',
    do_sample: 'boolean',
    temperature: 'number',
    top_k: 'number',
    top_p: 'number',
    min_p: 'number',
    repetition_penalty: 'number',
    no_repeat_ngram_size: 'number',
    seed: 'number',
    stop: 'text',
  },
  summarize: {
    model: 'text',
    document: 'text',
    cue: 'text',
    truncation: 'text',
    sentences: 'number',
    num_beams: 'number',
    top_k: 'number',
    max_new_tokens: 'number',
    seed: 'number',
  },
  models: { model: 'text' },
};

/** What only conversations have is left out of other links: at its default, which is what a link that leaves it out says. */
const CHAT_DEFAULTS: Readonly<Record<string, string>> = { message: '', system: '' };

const keysOf = (task: Task): Readonly<Record<string, Kind>> => KEYS[task];

const isTask = (value: string): value is Task => (TASKS as readonly string[]).includes(value);

function read(kind: Kind, values: string[]): Value | undefined {
  const value = values.at(-1) ?? '';
  switch (kind) {
    case 'text':
      return value;
    case 'list':
      return values;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : undefined;
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
  }
}

/** Reads a fragment, with or without its `#`. What cannot be read is left out and named in `problems`. */
export function parseFragment(fragment: string): Parsed {
  const query = fragment.replace(/^#/, '');
  if (query === '') return { screen: undefined, problems: [] };
  const params = new URLSearchParams(query);
  const task = params.get('task') ?? '';
  if (!isTask(task)) {
    const what = task === '' ? 'it names no task' : `there is no task “${shorten(task)}”`;
    return { screen: undefined, problems: [what] };
  }
  const state: State = {};
  const problems: string[] = [];
  for (const key of new Set(params.keys())) {
    if (key === 'task' || key === 'run') continue;
    const kind = Object.hasOwn(KEYS[task], key) ? keysOf(task)[key] : undefined;
    if (!kind) {
      problems.push(`“${shorten(key)}” is not a setting of this tab`);
      continue;
    }
    const value = read(kind, params.getAll(key));
    if (value === undefined) problems.push(`“${key}” is not a ${kind === 'number' ? 'number' : 'true or false'}`);
    else state[key] = value;
  }
  return { screen: { task, state, run: params.get('run') === '1' }, problems };
}

/** The state with every other key of the screen unset: a link says all, what it leaves out is at its default. */
export function complete(task: Task, state: State): Record<string, Value | null> {
  return { ...Object.fromEntries(Object.keys(KEYS[task]).map((key) => [key, null])), ...state };
}

/** Writes a fragment with its `#`; the inverse of {@link parseFragment}. */
export function formatFragment(task: Task, state: Record<string, unknown>, run = false): string {
  const params = new URLSearchParams({ task });
  for (const key of Object.keys(KEYS[task])) {
    const value = state[key];
    // An empty text is a state too (the reader cleared the box); null and undefined mean the default.
    if (value === undefined || value === null || (Object.hasOwn(CHAT_DEFAULTS, key) && value === CHAT_DEFAULTS[key]))
      continue;
    if (Array.isArray(value)) for (const one of value) params.append(key, String(one));
    else params.append(key, String(value));
  }
  if (run) params.append('run', '1');
  // Brackets are common here ([MASK]) and safe in a fragment; the link stays readable.
  return `#${params.toString().replaceAll('%5B', '[').replaceAll('%5D', ']')}`;
}

const shorten = (text: string): string => (text.length > 30 ? `${text.slice(0, 30)}…` : text);
