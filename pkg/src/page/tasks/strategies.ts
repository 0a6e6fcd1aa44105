/** How tokens that belong together become names. */
import type { AggregationStrategy } from '../../border/types.js';

/** All ways, in the order of the screen. */
export const STRATEGIES: readonly AggregationStrategy[] = ['none', 'simple', 'first', 'average', 'max'];
