/** Chinese: numbers, units and tokens in words. */
import type { Noun, numbers as english } from '../en/numbers.js';

/** A measure word and what it counts: Chinese has no plural. */
const noun = (counted: string): Noun => ({ one: counted, other: counted });

export const numbers: typeof english = {
  locale: 'zh-CN',
  nouns: {
    byte: noun('字节'),
    answer: noun('个答案'),
    candidate: noun('个候选'),
    character: noun('个字符'),
    choice: noun('次选择'),
    class: noun('个类别'),
    entity: noun('个实体'),
    epoch: noun('轮'),
    example: noun('个例子'),
    file: noun('个文件'),
    layer: noun('层'),
    line: noun('行'),
    mask: noun('个掩码'),
    pair: noun('对'),
    sentence: noun('个句子'),
    step: noun('步'),
    token: noun('个词元'),
    update: noun('次更新'),
    window: noun('个窗口'),
  },
  counted: (figure, what) => `${figure}${what}`,
  secondsLeft: (figure) => `还剩${figure}秒`,
  minutesLeft: (figure) => `还剩${figure}分钟`,
  hoursLeft: (figure) => `还剩${figure}小时`,
  amountOf: (part, whole) => `${part} / ${whole}`,
  perSecond: (amount) => `${amount}/秒`,
  tokensPerSecond: (figure) => `${figure}词元/秒`,
  lineBreak: '换行',
  blankLine: '空行',
  nothingVisible: '不可见',
  space: '空格',
  bytes: (digits) => `字节${digits}`,
};
