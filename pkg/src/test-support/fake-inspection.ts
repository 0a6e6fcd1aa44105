/** What a fake model shows of its inside: numbers that follow from places alone, of the shapes that the core gives. */
import type { TokenInfo } from '../border/core.js';
import type { Model } from '../worker/core.js';

/** Layers, heads, width and words of the fake model. */
export const FAKE = { num_layers: 3, num_heads: 4, hidden_size: 8 };

/** `[CLS]`, the words of the text, `[SEP]`, and those of the pair. */
export function fakeTokens(text: string, pair?: string | null): TokenInfo[] {
  const special = (token: string, type_id: number): TokenInfo => ({
    ...{ id: token.length, token, start: 0, end: 0, sequence: null, type_id, special: true, word: null },
  });
  const words = (from: string, sequence: number): TokenInfo[] =>
    [...from.matchAll(/\w+|[^\w\s]/gu)].map(({ 0: token, index }, word) => ({
      ...{ id: 100 + token.length, token, start: index, end: index + token.length },
      ...{ sequence, type_id: sequence, special: false, word },
    }));
  const second = pair === undefined || pair === null ? [] : [...words(pair, 1), special('[SEP]', 1)];
  return [special('[CLS]', 0), ...words(text, 0), special('[SEP]', 0), ...second];
}

/** Rows that sum to 1: each token looks at the one `head` places before it, and a little at all. */
function matrix(length: number, head: number): Float32Array {
  const values = new Float32Array(length * length).fill(0.2 / length);
  for (let row = 0; row < length; row++) values[row * length + Math.max(0, row - head)]! += 0.8;
  return values;
}

const joined = (parts: readonly Float32Array[]): Float32Array => Float32Array.from(parts.flatMap((part) => [...part]));

const vectors = (length: number, scale: number): Float32Array =>
  Float32Array.from({ length: length * FAKE.hidden_size }, (_, at) => scale * Math.sin(at));

/** The calls of a model that are faked here. */
type FakedCalls = Pick<
  Model,
  | 'attentions'
  | 'attention_heads'
  | 'attention_rollout'
  | 'hidden_states'
  | 'input_embeddings'
  | 'nearest_tokens'
  | 'logit_lens'
>;

/** The calls. */
export function fakeInspection(
  enter: (call: string, text: string) => void,
  { made, freed }: { made(): void; freed(): void },
): FakedCalls {
  const { num_layers, num_heads, hidden_size } = FAKE;
  const heads = (length: number): Float32Array =>
    joined([...Array(num_heads).keys()].map((head) => matrix(length, head)));
  const tokensFor = (call: string, text: string, pair?: string | null): TokenInfo[] => {
    enter(call, text);
    return fakeTokens(text, pair);
  };
  return {
    attentions(text, pair, { layer = 0 }) {
      const tokens = tokensFor('attentions', text, pair);
      return { tokens, num_layers, num_heads, layer, attentions: heads(tokens.length) };
    },
    attention_heads(text, pair) {
      const tokens = tokensFor('attention_heads', text, pair);
      const thumbnails = joined(Array.from({ length: num_layers }, () => heads(tokens.length)));
      return { tokens, num_layers, num_heads, size: tokens.length, thumbnails };
    },
    attention_rollout(text, pair, { layer = num_layers - 1 }) {
      const tokens = tokensFor('attention_rollout', text, pair);
      return { tokens, num_layers, layer, rollout: matrix(tokens.length, 1), mean: matrix(tokens.length, 2) };
    },
    hidden_states(text, pair) {
      const tokens = tokensFor('hidden_states', text, pair);
      return { tokens, num_layers, hidden_size, hidden_states: vectors((num_layers + 1) * tokens.length, 1) };
    },
    input_embeddings(text, pair) {
      const tokens = tokensFor('input_embeddings', text, pair);
      const [token, segment, position] = [1, 0.1, 0.5].map((scale) => vectors(tokens.length, scale));
      const sum = vectors(tokens.length, 1.6);
      return { tokens, hidden_size, token: token!, segment: segment!, position: position!, sum, normalized: sum };
    },
    nearest_tokens: (ids, count) =>
      [...ids].map((id) =>
        Array.from({ length: count ?? 8 }, (_, at) => ({ id: at, token: `near${id}`, cosine: 1 / (at + 2) })),
      ),
    logit_lens(text, pair, { top_k = 3 }) {
      const tokens = tokensFor('logit_lens', text, pair);
      const places = (num_layers + 1) * tokens.length;
      // Each layer is surer than the one before; the answer is there from the second layer on.
      const layerOf = (place: number): number => Math.floor(place / tokens.length);
      const final_probability = Float32Array.from({ length: places }, (_, at) => (layerOf(at) + 1) / (num_layers + 2));
      const ids = new Uint32Array(places * top_k);
      const probabilities = new Float32Array(places * top_k);
      for (let place = 0; place < places; place++)
        for (let rank = 0; rank < top_k; rank++) {
          ids[place * top_k + rank] = layerOf(place) < 2 ? rank + 1 : rank;
          probabilities[place * top_k + rank] = final_probability[place]! / (rank + 1);
        }
      const token_strings = Object.fromEntries([...Array(top_k + 1).keys()].map((id) => [id, `w${id}`]));
      let done = 0;
      made();
      const total = places;
      const next = () => (done < total ? { done: (done = total), total } : undefined);
      const first_layer = new Uint32Array(tokens.length).fill(2);
      const result = { tokens, num_layers, top_k, ids, probabilities, token_strings, final_probability, first_layer };
      return { next, result: () => result, free: freed, [Symbol.dispose]: freed };
    },
  };
}
