/** Chinese: the view How surprised. */
import type { surprise as english } from '../../en/inside/surprise.js';
import { isolated } from '../../mixed.js';

export const surprise: typeof english = {
  label: '有多意外',
  about:
    '每个词让模型有多意外，以比特计。1比特：模型认为它出现与否各占一半；10比特：千分之一。会写作的模型根据前面的词元判断每个词元，BERT则根据其余所有词元判断。',
  help: {
    term: '惊异度',
    text: '一个词元的惊异度是模型所给概率的−log₂。GPT的惊异度加起来就是整段文本的信息量，2的“平均惊异度”次方就是困惑度：模型相当于在多少个同样可能的词元之间犹豫。BERT则把词元逐个遮住，根据左右两边去猜；其总和是伪对数似然，给句子排名很好用，却不是文本的概率。把一个句子与打乱词序的句子比一比，或者与动词用错的句子比一比。词元不同的模型之间，要用“每字节比特数”来比较。',
  },
  empty: ['每个词会按它让模型意外的程度着色显示在这里，并附上数值。'],
  examples: {
    last: '房间、月亮、乱序',
    agreement: '语法：was还是were',
    king: '有自行车的国王',
  },

  scoring: (done, total, share) => `正在打分：第${done}句，共${total}句，${share}。`,
  scored: (tokens) => `正在打分：已完成${tokens}。`,
  summary: (sentences, best) => `${sentences}。最不意外的是：“${isolated(best)}”`,
  summaryOne: (perplexity, bits) => `困惑度${perplexity}，合计${bits}。`,
  bits: (bits) => `${bits}比特`,

  ranking: '排名',
  sentence: '句子',
  perplexity: { gpt: '困惑度', bert: '伪困惑度' },
  totalBits: '总比特数',
  bitsPerByte: '每字节比特数',
  bitsPerToken: '每词元比特数',
  pll: '伪对数似然',
  nats: (nats) => `${nats}奈特`,
  sortBy: '排名依据',
  orders: { perplexity: '困惑度', total: '总比特数', bytes: '每字节比特数', text: '原文顺序' },

  scale: '色阶',
  scaleUnit: '比特，也标在每个词下面',
  first: '第一个词元',
  unit: '比特',
  firstAbout: '第一个词元前面什么也没有，因此无从预期。',
  tokensOf: (sentence) => `“${isolated(sentence)}”的词元：用方向键移动`,

  detail: (bits, probability, rank) => `${bits}比特：概率${probability}，${rank}。`,
  rank: (rank) => `模型的第${rank}个猜测`,
  firstGuess: '模型的首选',
  expected: '模型预期的词',
  here: '此处',
  token: '词元',

  columns: ['句子', '词元', '起', '止', '比特', '概率', '名次', '预期', '预期的概率'],
  table: '以表格列出所有词元',
  picture: (sentences) => `${sentences}，每个词元附惊异度（比特）`,
};
