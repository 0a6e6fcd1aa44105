/** What the core shows of a model's inside. Until the core's own declarations are there. */
import type { TokenInfo } from './core.js';

/** The attention of one layer. */
export interface AttentionLayer {
  /** Special tokens included. */
  tokens: TokenInfo[];
  /** Layers of the model. */
  num_layers: number;
  /** Heads of the layer. */
  num_heads: number;
  /** From 0. */
  layer: number;
  /** `[heads, len, len]`: how much of what a token (second axis) takes in comes from each (third axis); rows sum to 1. */
  attentions: Float32Array;
}

/** Small pictures of all heads. */
export interface AttentionHeads {
  /** Special tokens included. */
  tokens: TokenInfo[];
  /** Layers of the model. */
  num_layers: number;
  /** Heads of a layer. */
  num_heads: number;
  /** Width and height of each: the tokens, or what was asked for if that is less. */
  size: number;
  /** `[layers, heads, size, size]`: the highest weight of each part of the matrix. */
  thumbnails: Float32Array;
}

/** All heads together. */
export interface AttentionRollout {
  /** Special tokens included. */
  tokens: TokenInfo[];
  /** Up to which layer, from 0. */
  layer: number;
  /** `[len, len]`: where a token's vector comes from through all layers up to this one (Abnar and Zuidema 2020). */
  rollout: Float32Array;
  /** `[len, len]`: the mean of this layer's heads. */
  mean: Float32Array;
}

/** The vectors of a text after each layer. */
export interface HiddenStates {
  /** Special tokens included. */
  tokens: TokenInfo[];
  /** Layers of the model. */
  num_layers: number;
  /** Width of a vector. */
  hidden_size: number;
  /** `[layers + 1, len, hidden]`; the first are the embeddings. */
  hidden_states: Float32Array;
}

/** What goes into the first layer. Each array is `[len, hidden]`. */
export interface InputEmbeddings {
  /** Special tokens included. */
  tokens: TokenInfo[];
  /** Width of a vector; in ALBERT that of its embeddings. */
  hidden_size: number;
  /** Of the tokens. */
  token: Float32Array;
  /** Of the first or second text; `null` where the model has none. */
  segment: Float32Array | null;
  /** Of the places; `null` where the model turns vectors instead. */
  position: Float32Array | null;
  /** All of them added. */
  sum: Float32Array;
  /** The sum after LayerNorm; `null` where the first layer reads the sum itself. */
  normalized: Float32Array | null;
}

/** A token whose embedding lies near another's. */
export interface NearToken {
  /** Index into the vocabulary. */
  id: number;
  /** As in the vocabulary. */
  token: string;
  /** Cosine of the angle between both, -1 to 1. */
  cosine: number;
}

/** What a model would say after each layer. */
export interface LogitLensResult {
  /** Special tokens included. */
  tokens: TokenInfo[];
  /** Layers of the model. */
  num_layers: number;
  /** Guesses for each place. */
  top_k: number;
  /** `[layers + 1, len, top_k]`, best first; the first are those of the embeddings. */
  ids: Uint32Array;
  /** Their probabilities. */
  probabilities: Float32Array;
  /** Each id that occurs, as it stands in the vocabulary. */
  token_strings: Record<number, string>;
  /** `[layers + 1, len]`: the probability of the last layer's best guess. */
  final_probability: Float32Array;
  /** `[len]`: the first layer whose best guess is the last layer's. */
  first_layer: Uint32Array;
}

/** The calls of a model that show its inside. */
export interface InspectedModel {
  attentions(text: string, pair: string | undefined, options: { layer: number }): AttentionLayer;
  attention_heads(text: string, pair: string | undefined, options: { size?: number }): AttentionHeads;
  attention_rollout(text: string, pair: string | undefined, options: { layer?: number }): AttentionRollout;
  hidden_states(text: string, pair: string | undefined): HiddenStates;
  input_embeddings(text: string, pair: string | undefined): InputEmbeddings;
  nearest_tokens(ids: Uint32Array, count?: number): NearToken[][];
  logit_lens(
    text: string,
    pair: string | undefined,
    options: { top_k?: number },
  ): { next(): { done: number; total: number } | undefined; result(): LogitLensResult; free(): void };
}
