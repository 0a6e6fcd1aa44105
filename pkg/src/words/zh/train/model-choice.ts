/** Chinese: which model a view of the Train screen starts from. */
import type { modelChoice as english } from '../../en/train/model-choice.js';

export const modelChoice: typeof english = {
  label: '由哪个模型来学',
  bert: 'Cloze自带的小BERT',
  gpt: 'Cloze自带的小GPT-2',
  run: (name, steps) => `${name}，${steps}`,
  unknown: '不在这里的训练',
  gone: '选中的模型已不在本浏览器中。请另选一个。',
};
