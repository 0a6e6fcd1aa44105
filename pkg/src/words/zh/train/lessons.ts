/** Chinese: the view Lessons, before it is opened. */
import type { lessons as english } from '../../en/train/lessons.js';

export const lessons: typeof english = {
  label: '课程',
  about:
    '六节课，用你自己的训练来学，每节五个小步骤：从“预测什么”到“哪里出了错”。课前课后问同一个问题；你的回答只留在这台设备上。',
};
