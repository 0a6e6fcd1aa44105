/** Attention as numbers: which matrix is shown, without the tokens that are hidden, and what kind of pattern it is. */
import type { AttentionHeads, TokenInfo } from '../../../index.js';
import { allShown } from '../tokens.js';
import type { Asked, InsideModel, ModelKey } from '../view.js';
import { keyOf } from '../models.js';
import type { InsideState } from '../schema.js';

/** One text as one model reads it. */
export interface Side {
  readonly model: InsideModel;
  readonly text: string;
  readonly pair: string;
  readonly tokens: readonly TokenInfo[];
  /** The tokens for people. */
  readonly names: readonly string[];
  readonly num_layers: number;
  readonly num_heads: number;
  /** From 0. */
  readonly layer: number;
  /** What was asked for: one head, or heads taken together. */
  readonly mix: InsideState['mix'];
  /** `[heads, len, len]`, or `[len, len]` where heads are taken together. */
  readonly weights: Float32Array;
  /** All heads small. */
  readonly grid: AttentionHeads;
}

/** What the view shows: one side, or two. */
export type AttentionResult = readonly Side[];

/** The model beside the chosen one. */
export const otherModel = ({ model2 }: Readonly<InsideState>): ModelKey => keyOf(model2);

/** Computes what is shown. */
export async function compute(asked: Asked): Promise<AttentionResult> {
  const { state, chosen } = asked;
  const { text, pair, beside, text2 } = state;
  const sides = [await read(asked, asked.model(chosen), text, pair)];
  if (beside === 'text') sides.push(await read(asked, asked.model(chosen), text2, ''));
  if (beside === 'model') sides.push(await read(asked, asked.model(otherModel(state)), text, pair));
  return sides;
}

/** The last pictures of all heads: they are the same for every layer. */
const grids = new Map<string, AttentionHeads>();
const MOST_GRIDS = 4;

async function gridOf(model: InsideModel, text: string, pair: object, signal: AbortSignal): Promise<AttentionHeads> {
  const key = JSON.stringify([model.id, text, pair]);
  const grid = grids.get(key) ?? (await model.inspect.attention_heads(text, { ...pair, size: 24, signal }));
  grids.delete(key);
  grids.set(key, grid);
  const [oldest] = grids.keys();
  if (grids.size > MOST_GRIDS) grids.delete(oldest!);
  return grid;
}

async function read({ state, signal }: Asked, model: InsideModel, text: string, pair: string): Promise<Side> {
  const options = pair.trim() === '' ? {} : { pair };
  const grid = await gridOf(model, text, options, signal);
  const layer = Math.min(state.layer, grid.num_layers) - 1;
  const { tokens, num_layers, num_heads } = grid;
  const names = allShown(tokens, { text, pair });
  const side = { model, text, pair, tokens, names, num_layers, num_heads, layer, mix: state.mix, grid };
  if (state.mix === 'head') {
    const { attentions } = await model.inspect.attentions(text, { ...options, layer, signal });
    return { ...side, weights: attentions };
  }
  const together = await model.inspect.attention_rollout(text, { ...options, layer, signal });
  return { ...side, weights: state.mix === 'mean' ? together.mean : together.rollout };
}

/** A matrix of some of the tokens. */
export interface Matrix {
  /** The tokens' places in the text. */
  readonly indexes: readonly number[];
  /** `[size, size]`: row by row what a token takes from each. */
  readonly values: Float32Array;
  readonly size: number;
}

/** The head that is shown, from 0. */
export const headOf = ({ head }: Readonly<InsideState>, { num_heads }: Side): number => Math.min(head, num_heads) - 1;

/** The matrix that is shown of a side. */
export function matrixOf(side: Side, state: Readonly<InsideState>): Matrix {
  const { tokens, weights, mix } = side;
  const all = tokens.length;
  const at = mix === 'head' ? headOf(state, side) * all * all : 0;
  const whole = weights.subarray(at, at + all * all);
  const indexes = [...tokens.keys()].filter((index) => state.specials || !tokens[index]!.special);
  const size = indexes.length;
  if (size === all) return { indexes, values: whole, size };
  const values = new Float32Array(size * size);
  indexes.forEach((from, row) =>
    indexes.forEach((to, column) => (values[row * size + column] = whole[from * all + to]!)),
  );
  return { indexes, values, size };
}

/** Where attention goes, on the mean of all tokens that look; shares of 1. */
export interface Pattern {
  readonly itself: number;
  readonly before: number;
  readonly after: number;
  readonly special: number;
  /** How far away it looks, in tokens. */
  readonly distance: number;
}

/** What kind of pattern a matrix is. */
export function patternOf({ indexes, values, size }: Matrix, tokens: readonly TokenInfo[]): Pattern {
  const sum = { itself: 0, before: 0, after: 0, special: 0, distance: 0 };
  let all = 0;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      const weight = values[row * size + column]!;
      all += weight;
      sum.distance += weight * Math.abs(indexes[row]! - indexes[column]!);
      if (tokens[indexes[column]!]!.special) sum.special += weight;
      else if (row === column) sum.itself += weight;
      else if (indexes[column] === indexes[row]! - 1) sum.before += weight;
      else if (indexes[column] === indexes[row]! + 1) sum.after += weight;
    }
  const share = (part: number): number => (all > 0 ? part / all : 0);
  return {
    itself: share(sum.itself),
    before: share(sum.before),
    after: share(sum.after),
    special: share(sum.special),
    distance: share(sum.distance),
  };
}

/** From one token to another. */
export interface Link {
  readonly row: number;
  readonly column: number;
  readonly weight: number;
}

/** The links of at least `threshold`, at most `most` of them: the strongest. */
export function linksOf({ values, size }: Matrix, threshold: number, most: number): Link[] {
  const links: Link[] = [];
  for (let cell = 0; cell < values.length; cell++) {
    const weight = values[cell]!;
    if (weight > 0 && weight >= threshold) links.push({ row: Math.floor(cell / size), column: cell % size, weight });
  }
  if (links.length <= most) return links;
  return links.sort((a, b) => b.weight - a.weight).slice(0, most);
}
