/** Chinese: the Fill mask screen. */
import type { fillMask as english } from '../en/fill-mask.js';
import { isolated } from '../mixed.js';

export const fillMask: typeof english = {
  verb: '预测',
  doing: '正在阅读文本。',
  examples: {
    cake: '空盒子',
    proverb: '一句谚语',
    grammar: '语法',
    two: '两个掩码',
    compare: '比较几个词',
  },

  about: (token) => [
    '有些词被',
    token('[MASK]'),
    '遮住了。BERT同时读它前面和后面的内容，并给词表中的每个词一个概率，表示它有多可能就是被遮住的那个词。',
  ],
  help: {
    term: '掩码语言模型',
    text: 'BERT的学习方法是：在数以百万计的句子里，大约每七个词遮住一个，让它根据左右两边去猜。这些百分数就是它的全部判断：对它认识的所有词加起来正好是100%。',
  },
  own: 'Cloze自带的模型很小（3000万参数）：语法和日常知识不错，事实知识零零碎碎。它只读过英语；读过中文的模型有google-bert/bert-base-chinese等。',

  text: '文本',
  placeholder: '输入一个句子，在要猜的地方写[MASK]。',
  noText: '请先输入一个句子，或在上方选一个例子。',
  noMask: '还没有遮住任何词。点击输入框下方的一个词把它遮住，或在要猜的地方写[MASK]。',
  insert: (token) => ['插入', token],
  gaps: (token) => ['写成', token, '的空也会变成掩码。'],
  clickAWord: '点击一个词把它遮住',
  typedMask: (number) => `[MASK]（第${number}个），在文本中选中它`,
  hidingMask: (number, word) => `[MASK]（第${number}个），遮住了“${isolated(word)}”`,
  hides: (word) => `遮住了“${isolated(word)}”，点击可还原`,

  orders: {
    legend: '多个掩码',
    help: {
      term: '联合填空',
      text: 'BERT对每个掩码各猜各的，两个都不错的词放在一起却未必搭配。先填一个、再重读一遍（从左到右，或者先填最有把握的），后填的词就能与先填的词呼应。',
    },
    independent: { name: '各自独立', about: '预测每个掩码时，都当作其余掩码仍然遮着。' },
    'left-to-right': { name: '从左到右', about: '预测下一个掩码时，会读到已经填好的词。' },
    'best-first': { name: '先易后难', about: '先填最有把握的掩码，再把其余的重新预测一遍。' },
  },
  targets: '要比较的词',
  targetsPlaceholder: '例如：he, she, they',
  targetsAbout: '只显示这些词，概率仍是绝对值；各个掩码独立填写。',
  candidates: '候选数',
  candidatesAbout: '每张表列出多少个词。',
  settings: (order, shown) => `掩码${order}，${shown}`,

  predicted: (masks, time, words) => `预测了${masks}，用时${time}：${words.join('，')}。`,
  wordWith: (word, probability) => `“${isolated(word)}” ${probability}`,
  required: '请先点“预测”：表单提交的是填进句子里的词。',
  empty: ['BERT预期的词和它们的概率会显示在这里。', '选一个例子，或在自己的句子里遮住一个词，然后按“预测”。'],
  stale: '这是针对上次修改之前的文本的答案。',
  chooseAWord: '在表中选一个词，把它放进句子里。',
  inTheSentence: (word, probability) => `句中现在是“${isolated(word)}”，${probability}。`,
  theMask: '掩码',
  maskNumber: (number) => `掩码${number}`,
  filledAt: (step) => `，第${step}步填写`,
  word: '词',
  asRead: 'BERT眼中的文本',
  tokensAbout: '每个词元和它在词表中的编号。',
  tokenHelp: {
    term: '词元',
    text: 'BERT认识大约3万个词片；少见的词由几个词片拼成，##表示这个词片接在前一片后面。[CLS]和[SEP]是加在开头和结尾的标记。',
  },
  steps: '逐步填写',
  step: (mask, word, probability) => [`掩码${mask}填`, word, `（${probability}）`],
  allTogether: (probability) => `合起来${probability}：各步概率的乘积。`,
  filled: '填好的句子',
  filledAbout: '排名时把各个掩码当作互不相关；在设置中选择联合填空，它们就会相互影响。',
};
