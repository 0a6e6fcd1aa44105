/** What is typed and set on the Inside screen: all that the page needs of it before its tab is opened. */
import type { Schema } from '../state.js';
import { attentionSchema, type AttentionState } from './attention/schema.js';
import { bothWaysSchema, type BothWaysState } from './both-ways/schema.js';
import { inputSchema, type InputState } from './input/schema.js';
import { layersSchema, type LayersState } from './layers/schema.js';
import { maskingSchema, type MaskingState } from './masking/schema.js';
import { surpriseSchema, type SurpriseState } from './surprise/schema.js';
import { tokenizerSchema, type TokenizerState } from './tokenizer/schema.js';

/** The views, in the order in which they are offered. */
export const VIEWS = ['input', 'attention', 'layers', 'surprise', 'both-ways', 'tokenizer', 'masking'] as const;

/** A view's name in links. */
export type ViewName = (typeof VIEWS)[number];

/** Views that run without a model. */
export const MODELLESS: readonly ViewName[] = ['tokenizer'];

/** Which of the models that come with the package. */
export type OwnModel = 'bert' | 'gpt';

/** What is typed and set on the Inside screen. */
export interface InsideState
  extends InputState, AttentionState, LayersState, SurpriseState, BothWaysState, TokenizerState, MaskingState {
  /** What is shown. */
  view: ViewName;
  /** The text, or the first of two. */
  text: string;
  /** The second text, where a view takes a pair; empty for none. */
  pair: string;
  /** Which of the page's own models is looked into, where the screen was given no other. */
  own: OwnModel;
  /** The token that is looked at, from 0. */
  token: number;
}

/** Its keys in links. */
export const insideSchema = {
  view: { kind: 'choice', default: 'attention', of: VIEWS },
  text: { kind: 'text', default: '' },
  pair: { kind: 'text', default: '' },
  own: { kind: 'choice', default: 'bert', of: ['bert', 'gpt'] },
  token: { kind: 'number', default: 1, min: 0, max: 4095, whole: true },
  ...inputSchema,
  ...attentionSchema,
  ...layersSchema,
  ...surpriseSchema,
  ...bothWaysSchema,
  ...tokenizerSchema,
  ...maskingSchema,
} as const satisfies Schema<InsideState>;

/** What stands on the screen at first: a head of the page's BERT that finds the noun for a pronoun. */
export const START: Partial<InsideState> = {
  text: "The animal didn't cross the street because it was too tired.",
  token: 10,
  layer: 9,
  head: 4,
};
