/** Chinese: the Next sentence screen. */
import type { nextSentence as english } from '../en/next-sentence.js';
import { isolated } from '../mixed.js';

export const nextSentence: typeof english = {
  verb: '比较',
  doing: '正在阅读两个句子。',
  examples: {
    glasses: '接得上',
    gold: '接不上',
    order: '顺序有讲究',
    which: '哪一句是下文？',
  },

  about:
    'BERT把两个句子放在一起读，判断在原文中后一句是不是紧接着前一句。它比较的是两句在说什么、怎么说，而不是说得对不对。',
  help: {
    term: '下一句预测',
    text: 'BERT学习时看到的句对，一半是同一篇文章里相邻的两句，另一半的后一句来自别处；第一个词元上的一个小输出层学会了区分这两种情况。两个概率合计100%。',
  },
  own: 'Cloze自带的模型很小，只读过英语。两句是不是在说同一件事，它听得出来；谁先谁后，就不那么在行了。',

  a: '句子A',
  b: '句子B',
  noA: '请输入第一个句子，或在上方选一个例子。',
  noB: '请输入一个可能是下文的句子。',
  noCandidate: '请在这里输入句子，或移除这个输入框。',
  swap: '交换A和B',
  candidate: (number) => `候选句${number}`,
  removeCandidate: (number) => `移除候选句${number}`,
  add: '再加一个候选句',
  addAbout: '有多个候选句时会排出名次。',

  ranked: (sentences, time, first, probability) =>
    `为${sentences}排名，用时${time}。第一名（${probability}）：${isolated(first)}`,
  answered: (time, probability) => `用时${time}：B接在A后面的概率为${probability}。`,
  empty: ['B有多可能接在A后面，有多可能不是，会显示在这里。', '选一个例子，或输入两个句子后按“比较”。'],
  saysFollows: 'BERT认为：B接在A后面。',
  saysNot: 'BERT认为：B不接在A后面。',
  pair: (a, b) => [a, ' → ', b],
  both: '两种回答',
  answer: '回答',
  follows: 'B接在A后面',
  elsewhere: 'B来自别处',
  otherOrder: '反过来',
  before: 'A接在B后面',
  orderAlike: '在这里，顺序对这个模型几乎没有影响：它是按两句在说什么来判断的。',
  orderMatters: '在这里，顺序对这个模型有影响。',
  after: (a) => ['在', a, '之后'],
  likeliestFirst: '最可能的在前',
  candidates: '候选句',
  followsA: '接在A后面',
  isBefore: (probability) => `A接在它后面：${probability}`,
  rankedAbout: '每个候选句单独判断，因此各数之和不是100%。',
};
