/** What is typed and set on the Tag screen. */
import type { AggregationStrategy } from '../../index.js';
import { STRATEGIES } from '../../page/tasks/strategies.js';
import type { Schema } from '../state.js';

/** What is typed and set on the Tag screen. */
export interface TagState {
  text: string;
  /** How tokens become names. */
  aggregation_strategy: AggregationStrategy;
}

/** Its keys in links. */
export const tagSchema = {
  text: { kind: 'text', default: '' },
  aggregation_strategy: { kind: 'choice', default: 'simple', of: STRATEGIES },
} as const satisfies Schema<TagState>;
