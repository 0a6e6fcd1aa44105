/** Chinese: the view Both ways. */
import type { bothWays as english } from '../../en/inside/both-ways.js';
import { isolated } from '../../mixed.js';

export const bothWays: typeof english = {
  label: '双向阅读',
  about: '一个空，四位读者：GPT只看左边；BERT分别只看左边、只看右边，以及左右同时看。',
  help: {
    term: '双向阅读',
    text: 'ELMo把文本从左、从右各读一遍，两个网络互不相知，最后把答案拼在一起：BERT的作者称之为两个方向的浅层拼接。在BERT里，每一层都同时看到左右两边，于是左边的词能改变右边的词的意思。“拼接”那一行把两个单侧答案相乘，这已是两位各自为政的读者所能做到的极限；拿它和联合阅读的那一行比一比。只看一侧时，BERT的另一侧被逐词遮住。',
  },
  empty: ['各位读者对同一个空的答案会并排显示在这里。'],
  examples: {
    cold: '水结成了冰',
    ball: '追着球跑',
    boat: '划到对岸',
    key: '两半拼起来就够',
    side: '只看左边就够',
  },

  noMask: '请在要填空的地方写一个[MASK]，或点击输入框下方的一个词。',
  severalMasks: '这个视图只看一个空：请只写一个[MASK]。',
  clickAWord: '点击一个词，把空放在那里',
  answer: '原来的词',
  answerAbout: '写出来的话，每位读者会说它认为这个词有多可能。点击遮住的词会自动填在这里。',

  reading: (reader) => `正在阅读：${reader}。`,
  readers: {
    gpt: { name: '左边，GPT', about: '接下来它会写什么' },
    left: { name: '左边，BERT', about: '右侧被遮住' },
    right: { name: '右边，BERT', about: '左侧被遮住' },
    pasted: { name: '左右拼接', about: 'BERT的两个单侧答案相乘' },
    both: { name: '左右同时，BERT', about: '整个句子' },
  },
  sees: '读到的',
  noText: '不读文本，只用前面两个答案',
  nothing: '什么也没有：空在句子边上',
  word: '词',
  answerIs: (probability, rank) => `${probability}，第${rank}个猜测`,
  notAmong: (most) => `不在前${most}个猜测之中`,
  answerRow: (word) => `“${isolated(word)}”`,
  summary: (both, gpt) =>
    `左右同时看：“${isolated(both)}”${gpt === undefined ? '' : `；GPT只看左边：“${isolated(gpt)}”`}。`,

  columns: ['读者', '名次', '词元', '概率'],
  picture: (sentence) => `“${isolated(sentence)}”的空里该填什么，四位读者的答案`,
  table: '以表格列出所有答案',
};
