/** The architectures' names for people. */

const NAMES: Readonly<Record<string, string>> = {
  bert: 'BERT',
  distilbert: 'DistilBERT',
  roberta: 'RoBERTa',
  albert: 'ALBERT',
  gpt2: 'GPT-2',
  'openai-gpt': 'GPT-1',
  llama: 'Llama',
};

/** How people write an architecture that `config.json` calls `model_type`. */
export const architectureName = (model_type: string): string => NAMES[model_type] ?? model_type;
