/** The logit lens as the view reads it: what would be said after each layer, at each place. */
import type { LogitLensResult, TokenInfo } from '../../../index.js';
import { allShown } from '../tokens.js';
import type { Asked, InsideModel } from '../view.js';

/** Guesses for each place and layer. */
const GUESSES = 5;

/** What the view shows. */
export interface LayersResult {
  readonly model: InsideModel;
  readonly tokens: readonly TokenInfo[];
  /** The tokens for people. */
  readonly names: readonly string[];
  readonly lens: LogitLensResult;
}

/** A guess with its probability. */
export interface Guess {
  readonly token: string;
  readonly probability: number;
}

/** Computes what is shown. */
export async function compute(
  { state, chosen, model, signal, tell }: Asked,
  progress: Progress,
): Promise<LayersResult> {
  const { text, pair } = state;
  const reader = model(chosen);
  const lens = await reader.inspect.logit_lens(text, {
    ...(pair.trim() !== '' && { pair }),
    top_k: GUESSES,
    signal,
    on_progress: ({ done, total }) => tell(progress(done, total)),
  });
  return { model: reader, tokens: lens.tokens, names: allShown(lens.tokens, { text, pair }), lens };
}

type Progress = (done: number, total: number) => string;

/** What would be said after a layer (0: of the embeddings) at a place, the likeliest first. */
export function guessesAt({ lens, tokens }: LayersResult, layer: number, place: number): Guess[] {
  const { top_k, ids, probabilities, token_strings } = lens;
  const from = (layer * tokens.length + place) * top_k;
  return Array.from({ length: top_k }, (_, rank) => ({
    token: token_strings[ids[from + rank]!] ?? '',
    probability: probabilities[from + rank]!,
  }));
}

/** How likely the last layer's answer is after a layer. */
export const finalAt = ({ lens, tokens }: LayersResult, layer: number, place: number): number =>
  lens.final_probability[layer * tokens.length + place]!;
