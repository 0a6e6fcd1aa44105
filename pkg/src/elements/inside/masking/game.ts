/** The game: two pieces of a text, tokens that are hidden, what the reader guesses, and who was right. */
import type { ChosenToken, MaskingGame } from '../../../index.js';
import type { Asked, InsideModel, ModelKey } from '../view.js';
import { STORIES } from './stories.js';

/** Two pieces of text, and whether the second one follows the first. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly follows: boolean;
}

/** What the reader guessed. */
export interface Guesses {
  /** By the number of the chosen token, from 0. */
  readonly words: string[];
  follows: boolean | undefined;
}

/** What the view computes. */
export interface MaskingResult {
  readonly pair: Pair;
  /** Whether the model was taught next sentences; otherwise it reads the first piece alone. */
  readonly judges: boolean;
  readonly game: MaskingGame;
  readonly model: string;
  readonly guesses: Guesses;
}

/** Sentences of a piece. */
const LENGTH = 2;

/** The sentences of a text. */
export const sentencesOf = (text: string): string[] =>
  [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)]
    .map(({ segment }) => segment.trim())
    .filter(Boolean);

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Two pieces of a text of several sentences: in half of all cases neighbours, in the other half the second one is of
 * another story (Devlin et al. 2018, appendix A.2).
 */
export function drawPair(text: string, seed: number, stories: readonly string[] = STORIES): Pair {
  const next = drawing(seed);
  const sentences = sentencesOf(text);
  const cut = 1 + Math.floor(next() * (sentences.length - 1));
  const follows = next() < 0.5;
  const a = sentences.slice(Math.max(0, cut - LENGTH), cut).join(' ');
  if (follows) return { a, b: sentences.slice(cut, cut + LENGTH).join(' '), follows };
  const others = stories.filter((story) => story !== text);
  const other = sentencesOf(others[Math.floor(next() * others.length)]!);
  const from = Math.floor(next() * (other.length - LENGTH + 1));
  return { a, b: other.slice(from, from + LENGTH).join(' '), follows };
}

/** Guesses outlive a new run of the same game. */
const kept = new Map<string, Guesses>();

/** The models that the game may be played with: the reader's own if it can, else the page's. */
export const needs = (chosen: ModelKey): readonly ModelKey[] =>
  chosen === 'gpt' ? ['bert'] : [...new Set<ModelKey>([chosen, 'bert'])];

/** Draws the pieces, and asks the model about what is hidden. */
export async function play({ state, chosen, model, signal }: Asked): Promise<MaskingResult> {
  // A chosen model that only writes was not asked for.
  const given: InsideModel | undefined = model(chosen);
  const player = given?.info.heads.includes('mlm') ? given : model('bert');
  const judges = player.info.heads.includes('nsp');
  const pair = drawPair(state.text, state.seed);
  const options = { seed: state.seed, signal, ...(judges && { pair: pair.b }) };
  const game = await player.inspect.mask_for_training(pair.a, options);
  const key = JSON.stringify([state.text, state.seed, player.id]);
  const guesses = kept.get(key) ?? { words: game.chosen.map(() => ''), follows: undefined };
  kept.set(key, guesses);
  return { pair, judges, game, model: player.name, guesses };
}

/** How far the game is. */
export interface Stage {
  readonly name: 'choose' | 'replace' | 'guess' | 'answer';
  /** How many of the chosen tokens have been replaced. */
  readonly replaced: number;
}

/** Where a number of steps leads: each of the chosen tokens is replaced in turn; then guesses, then answers. */
export function stageOf(step: number, chosen: number): Stage {
  if (step > chosen) return { name: 'answer', replaced: chosen };
  if (step === chosen && chosen > 0) return { name: 'guess', replaced: chosen };
  return { name: step === 0 ? 'choose' : 'replace', replaced: Math.min(step, chosen) };
}

/** A token without the marks of its vocabulary. */
export const plain = (token: string): string => token.replace(/^(##|Ġ|▁)/u, '');

/** Whether a guess is the token that stood there. */
export const isRight = (guess: string, { token }: Pick<ChosenToken, 'token'>): boolean =>
  guess.trim() !== '' && plain(guess.trim()).toLowerCase() === plain(token.trim()).toLowerCase();

/** Who was right how often. */
export interface Score {
  readonly you: number;
  readonly model: number;
  readonly of: number;
}

/** The tokens and, where the model judges, the pair. */
export function scoreOf({ game, guesses, pair, judges }: MaskingResult): Score {
  const you = game.chosen.filter((one, index) => isRight(guesses.words[index] ?? '', one)).length;
  const model = game.chosen.filter(({ rank }) => rank === 1).length;
  if (!judges || !game.nsp) return { you, model, of: game.chosen.length };
  const judged = game.nsp.is_next_probability > 0.5 === pair.follows;
  return {
    you: you + Number(guesses.follows === pair.follows),
    model: model + Number(judged),
    of: game.chosen.length + 1,
  };
}

/** The loss of next sentences: of what is true of the pair. */
export const nspLoss = ({ game: { nsp }, pair: { follows } }: MaskingResult): number | undefined =>
  nsp ? (follows ? nsp.loss_if_next : nsp.loss_if_random) : undefined;

/** What training makes small: both losses summed. */
export function lossOf(result: MaskingResult): number | undefined {
  const { mlm_loss } = result.game;
  const second = nspLoss(result);
  return mlm_loss === null ? second : mlm_loss + (second ?? 0);
}
