/** Models on the hub that were fine-tuned for a task: none for these comes with the package. */
import type { Head } from '../border/types.js';

/** The heads that only fine-tuned models have. */
export type FineTunedHead = Extract<Head, 'qa' | 'sequence-classification' | 'token-classification'>;

/** A model on the hub. */
export interface HubModel {
  /** Owner and name. */
  readonly id: string;
  /** Bytes of its weights. */
  readonly bytes: number;
}

/** Some that many people use, the first one as an example, by head. */
export const FINE_TUNED: Readonly<Record<FineTunedHead, readonly [HubModel, ...HubModel[]]>> = {
  qa: [
    { id: 'distilbert/distilbert-base-cased-distilled-squad', bytes: 261e6 },
    { id: 'deepset/minilm-uncased-squad2', bytes: 133e6 },
  ],
  'sequence-classification': [
    { id: 'distilbert/distilbert-base-uncased-finetuned-sst-2-english', bytes: 268e6 },
    { id: 'typeform/distilbert-base-uncased-mnli', bytes: 268e6 },
  ],
  'token-classification': [
    { id: 'dslim/bert-base-NER', bytes: 433e6 },
    { id: 'dslim/distilbert-NER', bytes: 261e6 },
  ],
};

/** Whether only fine-tuned models have a head. */
export const isFineTuned = (head: Head): head is FineTunedHead => Object.hasOwn(FINE_TUNED, head);
