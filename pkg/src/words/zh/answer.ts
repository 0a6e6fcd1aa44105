/** Chinese: the Answer screen. */
import type { answer as english } from '../en/answer.js';
import { isolated } from '../mixed.js';

export const answer: typeof english = {
  verb: '回答',
  doing: '正在阅读文章。',
  window: (index, windows) => `已读完${windows}个窗口中的${index}个。`,
  examples: {
    tower: '一个年份',
    heir: '字里行间',
    none: '没有答案',
    long: '一篇长文',
  },

  about: '为此微调过的模型会在文章里标出答案的起点和终点。它只会摘抄原文：文章里没有写的，它答不出来。',
  help: {
    term: '抽取式问答',
    text: '模型把问题和文章放在一起读。一个很小的输出层给每个词元打两个分：答案从这里开始的分数，和答案在这里结束的分数。起点在前、终点在后，两个概率乘积最大的那一对就是最佳答案。',
  },
  needs: '这一屏需要为问答微调过的BERT，Cloze没有附带这样的模型。',
  offers: {
    squad: '总会在文章里指出一处',
    squad2: '体积小；还学过“文章里可能没有答案”',
  },

  question: '问题',
  context: '文章',
  noQuestion: '请输入问题，或在上方选一个例子。',
  noContext: '请粘贴要从中寻找答案的文章。',

  top_k: { label: '答案数', about: '列出文章中最可能的几处。' },
  max_answer_len: { label: '答案最大长度', about: '答案最多包含的词元数。' },
  doc_stride: {
    label: '重叠',
    about: '长文章分窗口阅读；相邻两个窗口共有这么多词元，以免答案被切断。',
  },
  impossible: '允许“没有答案”',
  impossibleAbout: '只有见过无答案问题（SQuAD 2.0）的模型才明白这是什么意思。',
  settings: (answers, impossible) => (impossible ? `${answers}，或没有答案` : answers),

  empty: ['答案和它在文章中的位置会显示在这里。', '选一个例子，或输入问题并粘贴文章。'],
  answered: (answer, probability, time) => `${isolated(answer)}（${probability}），用时${time}。`,
  noAnswer: '这篇文章里没有答案',
  best: '最可能的几处',
  answer: '答案',
  place: (start, end) => `第${start}–${end}个字符`,
  chosen: (answer, probability) => `已在文章中标出：${isolated(answer)}，${probability}。`,
  inTheText: '在文章中',
  null: '文章中没有',
  nullAbout: '“哪里都不指”的概率，与上面用同一把尺子。只有见过无答案问题的模型，这个数才有意义。',
  readIn: (tokens, windows) => `${tokens}，分${windows}读完`,
};
