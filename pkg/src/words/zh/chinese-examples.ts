/** Chinese: examples of the Fill mask screen where the model has read Chinese. */
import type { chineseExamples as english } from '../en/chinese-examples.js';

export const chineseExamples: typeof english = {
  capital: '两个字的词',
  country: '国家',
  weather: '天气和心情',
  compare: '比较几个字',
};
