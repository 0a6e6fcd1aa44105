/** Models on the hub that were fine-tuned for a task: none for these comes with the package. */
import type { Head } from '../border/types.js';

/** The heads that only fine-tuned models have. */
export type FineTunedHead = Extract<Head, 'qa' | 'sequence-classification' | 'token-classification'>;

/** A model on the hub. */
export interface HubModel {
  /** Owner and name. */
  readonly id: string;
  /** Size of its weights in MB (10⁶ bytes). */
  readonly megabytes: number;
}

/** Some that many people use, the first one as an example, by head. */
export const FINE_TUNED: Readonly<Record<FineTunedHead, readonly [HubModel, ...HubModel[]]>> = {
  qa: [
    { id: 'distilbert/distilbert-base-cased-distilled-squad', megabytes: 261 },
    { id: 'deepset/minilm-uncased-squad2', megabytes: 133 },
  ],
  'sequence-classification': [
    { id: 'distilbert/distilbert-base-uncased-finetuned-sst-2-english', megabytes: 268 },
    { id: 'typeform/distilbert-base-uncased-mnli', megabytes: 268 },
  ],
  'token-classification': [
    { id: 'dslim/bert-base-NER', megabytes: 433 },
    { id: 'dslim/distilbert-NER', megabytes: 261 },
  ],
};

/** Whether only fine-tuned models have a head. */
export const isFineTuned = (head: Head): head is FineTunedHead => Object.hasOwn(FINE_TUNED, head);
