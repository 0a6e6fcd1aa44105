/** Chinese: what a reader of the screens can do about an error of the core. */
import type { advice as english } from '../en/advice.js';

export const advice: typeof english = {
  empty_input: () => '请先输入内容。',
  no_mask: () => '也可以直接点击一个词。',
};
