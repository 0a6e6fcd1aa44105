/** Chinese: the view Attention. */
import type { attention as english } from '../../en/inside/attention.js';
import { isolated } from '../../mixed.js';

export const attention: typeof english = {
  label: '注意力',
  about:
    '每个词元更新自己的向量时，都把所有词元提供的内容加权平均。这些权重就是它的注意力，合计100%。每一层的每个头都有自己的一套权重。',
  help: {
    term: '注意力',
    text: '一个头拿“正在看的词元”的查询，去和它能看到的每个词元的键相比较；这些乘积经过softmax就是注意力。BERT左右都看，GPT-2只往回看，所以它的矩阵是三角形。找一找：哪些头看前一个词元，哪些看相同的词，哪些看代词所指的名词。许多头无事可做时，就停在[SEP]上。权重大，说明向量从哪里来，并不说明模型为什么这样回答。Rollout把各层连乘（一半注意力，一半向量本身；Abnar与Zuidema，2020年）。',
  },
  examples: { it: '“it”指什么？', tired: '太累，还是太宽', both: 'BERT与GPT-2并列', pair: '两个句子' },
  empty: ['每一层、每个头里，各个词从其他词那里取了什么，会显示在这里。', '选一个例子，或输入文本后按“查看内部”。'],

  beside: { legend: '并列', nothing: '无', text: '另一段文本', model: '另一个模型' },
  text2: '另一段文本',
  model2: '另一个模型',
  as: { legend: '画成', arcs: '弧线', matrix: '矩阵' },
  mix: { label: '范围', head: '单个头', mean: '所有头（平均）', rollout: '到此为止的各层（rollout）' },
  layer: '层',
  head: '头',
  threshold: (percent) => `画出${percent}%以上的`,
  percent: (percent) => `百分之${percent}`,
  specials: '显示[CLS]、[SEP]',

  layerNumber: (layer) => `第${layer}层`,
  headNumber: (layer, head) => `第${layer}层，头${head}`,
  grid: (layers, heads) => `所有的头：共${layers}层，从第一层起每层一行；每层${heads}个头。`,
  matrix: {
    head: (layer, head) => `第${layer}层，头${head}`,
    mean: (layer) => `第${layer}层，所有头的平均`,
    rollout: (layer) => `第1层到第${layer}层的rollout`,
  },
  summary: (matrix, token, target, share) =>
    `${matrix}：“${isolated(token)}”从“${isolated(target)}”取得最多，占${share}。`,
  looks: '正在看的词元',
  most: (links) => `最多画出最强的${links.toLocaleString('zh-CN')}条弧线。`,
  hidden: '选中的词元没有显示。请另选一个，或显示[CLS]和[SEP]。',
  pattern: ({ itself, before, after, special, distance }) =>
    [
      `对所有词元取平均，${itself}给了词元自己，${before}给了前一个词元`,
      after === undefined ? '' : `，${after}给了后一个词元`,
      special === undefined ? '' : `，${special}给了[CLS]、[SEP]等标记`,
      `；平均看出去${distance}个词元远。`,
    ].join(''),
  targets: (token) => [token, '从哪里取'],
  takesFrom: '词元',
  place: '位置',
  weight: '权重',
  allTargets: (tokens) => `其余，共${tokens}个词元`,
};
