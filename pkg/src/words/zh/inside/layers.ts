/** Chinese: the view Layer by layer. */
import type { layers as english } from '../../en/inside/layers.js';
import { isolated } from '../../mixed.js';

export const layers: typeof english = {
  label: '逐层观察',
  about: '如果模型在每一层之后就收工，它会说什么：把最后一步（即把向量变成词的输出头）提前用在中间各层的向量上。',
  help: {
    term: 'logit透镜',
    text: '每一层都在前一层的向量上做加法，所以输出头在哪一层都能读。前几层说的话没有什么意义，因为输出头从未为它们训练过；看看答案从哪一层开始出现，在那之前占着位置的又是什么。用BERT时，请在想要答案的地方写[MASK]：看得见的词元，它多半只会照说一遍。',
  },
  examples: { greener: '一句谚语', keys: '语法', once: 'GPT-2：故事的开头' },
  empty: [
    '这里会出现一张表：每个词元一行，每一层一列，格子里是模型在那里会说的词。',
    '选一个例子，或输入含有[MASK]的文本后按“查看内部”。',
  ],
  both: 'BERT在一个词元处的答案，就是它认为这个词元是什么。格子颜色越深，最终答案在那里的概率越大；加框的是最终答案第一次领先的那一层。',
  leftToRight:
    '在一个词元处的答案，是它后面该接什么。格子颜色越深，最终答案在那里的概率越大；加框的是最终答案第一次领先的那一层。',
  progress: (done, total) => `正在读取各层：${Math.round((100 * done) / total)}%。`,
  caption: '每个词元在每一层之后，模型会说什么',
  token: '词元',
  input: '输入',
  layer: (layer) => `第${layer}层`,
  firstAt: (layer) => (layer === 0 ? '在输入处' : `在第${layer}层之后`),
  leads: '最终答案在这里第一次领先',
  answer: (token, answer, probability, when) =>
    `在“${isolated(token)}”处，最终答案是“${isolated(answer)}”，概率${probability}；它${when}第一次领先。`,
  here: (probability) => `在这一格，它的概率是${probability}。`,
  ofInput: '输入处',
  afterLayer: (layer) => `第${layer}层之后`,
  at: (token) => ['在', token, '处'],
  guess: '猜测',
};
