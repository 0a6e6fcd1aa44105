/** What is typed and set on the Answer screen. */
import { LIMITS } from '../../border/core.js';
import { numberField, type Schema } from '../state.js';

/** What is typed and set on the Answer screen. */
export interface AnswerState {
  question: string;
  context: string;
  /** How many answers are listed. */
  top_k: number;
  /** Tokens of the longest answer. */
  max_answer_len: number;
  /** Tokens that two windows of a long text share. */
  doc_stride: number;
  /** Whether that there is no answer may be the answer. */
  handle_impossible_answer: boolean;
}

const LIMIT = LIMITS['question-answering'];

/** Its keys in links. */
export const answerSchema = {
  question: { kind: 'text', default: '' },
  context: { kind: 'text', default: '' },
  // One alone says nothing of what else was likely; a longer list is no better to read.
  top_k: numberField(LIMIT.top_k, { max: 20, default: 4 }),
  max_answer_len: numberField(LIMIT.max_answer_len, { max: 100 }),
  doc_stride: numberField(LIMIT.doc_stride, { max: 256 }),
  handle_impossible_answer: { kind: 'flag', default: false },
} as const satisfies Schema<AnswerState>;
