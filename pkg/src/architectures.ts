/** The architectures that the core runs. */
import type { ModelInfo } from './types.js';

/** How people write them. */
const NAMES: Record<ModelInfo['architecture'], string> = {
  bert: 'BERT',
  distilbert: 'DistilBERT',
  roberta: 'RoBERTa',
  albert: 'ALBERT',
  gpt2: 'GPT-2',
  'openai-gpt': 'GPT-1',
};

/** The name of a model's architecture for people, such as `GPT-2`. */
export const architectureName = ({ architecture }: Pick<ModelInfo, 'architecture'>): string => NAMES[architecture];
