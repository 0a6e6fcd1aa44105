/** Chinese: the Classify screen. */
import type { classify as english } from '../en/classify.js';
import { isolated } from '../mixed.js';

export const classify: typeof english = {
  verb: '分类',
  doing: '正在阅读文本。',
  examples: {
    praise: '称赞',
    blame: '批评',
    irony: '反讽',
    pair: '一对文本',
  },

  about: '为此微调过的模型把文本归入它学过的某一类：褒或贬、话题、情绪；对两段文本，则判断后一段能否由前一段推出。',
  help: {
    term: '文本分类',
    text: '第一个词元[CLS]的向量代表整段文本（在GPT-2里是最后一个词元的向量）；一个很小的输出层由它给每个类别打一个分。分数再变成概率：或者各类合计100%（softmax），或者每类各算各的（sigmoid），由模型文件规定。',
  },
  needs: '这一屏需要为文本分类微调过的模型，Cloze没有附带这样的模型。',
  offers: {
    sst2: '褒或贬，从影评中学来',
    mnli: '用于文本对：后一段能由前一段推出吗？',
  },

  text: '文本',
  pair: '第二段文本',
  pairAbout: '只用于判断文本对的模型；否则请留空。',
  noText: '请输入文本，或在上方选一个例子。',

  top_k: { label: '类别数', about: '显示得分最高的几类。' },
  functions: {
    legend: '概率',
    auto: { name: '按模型规定', about: '见模型配置' },
    softmax: { name: 'Softmax', about: '各类互斥，合计100%。' },
    sigmoid: { name: 'Sigmoid', about: '每一类单独判断。' },
  },
  settings: (name, classes) => `${name}，${classes}`,

  empty: ['文本的类别和概率会显示在这里。', '选一个例子，或输入文本后按“分类”。'],
  answered: (label, probability, time) => `${isolated(label)}，${probability}，用时${time}。`,
  classes: '类别',
  label: '类别',
  number: '数值',
  functionAbout: {
    softmax: '所有类别的概率合计100%。',
    sigmoid: '每一类单独判断，因此各数之和不一定是100%。',
    none: '这个模型训练来输出数值（回归），而不是概率。',
  },
};
