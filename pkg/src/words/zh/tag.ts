/** Chinese: the Tag screen. */
import type { tag as english } from '../en/tag.js';

export const tag: typeof english = {
  verb: '标注',
  doing: '正在阅读文本。',
  window: (index, windows) => `已读完${windows}个窗口中的${index}个。`,
  examples: {
    letter: '一封信',
    match: '一场比赛',
    company: '一家公司',
  },

  about: '为此微调过的模型会说出每个词元属于什么：人名、地名、机构名，或者都不是。',
  help: {
    term: '词元分类',
    text: '一个很小的输出层给每个词元的每个类别打分。由几个词元组成的名称，开头标B-，其余标I-；怎样把它们合成一个名称，由下面的“合并方式”决定。',
  },
  needs: '这一屏需要为词元标注微调过的模型，Cloze没有附带这样的模型。',
  offers: {
    base: '英语新闻中的人名、机构名、地名和其他名称',
    distil: '类别相同，更小更快',
  },

  text: '文本',
  noText: '请输入文本，或在上方选一个例子。',

  strategies: {
    legend: '合并方式',
    help: {
      term: '合并方式',
      text: '词元是词的片段，一个名称可能有好几个。它们各自的类别怎样合成整体的类别，要靠选择；这里列出的是transformers的几种选择。',
    },
    none: { name: '不合并', about: '逐个词元，模型怎么说就怎么列。' },
    simple: { name: '简单合并', about: '相邻且同类的合为一个名称，哪怕在一个词的内部。' },
    first: { name: '取首片', about: '词的类别取它的第一个词片的类别。' },
    average: { name: '取平均', about: '词的类别取各词片平均后最高的类别。' },
    max: { name: '取最大', about: '词的类别取最有把握的词片的类别。' },
  },

  empty: ['标出名称的文本会显示在这里，下面是名称列表。', '选一个例子，或输入文本后按“标注”。'],
  found: (entities, time) => `找到${entities}，用时${time}。`,
  noneFound: '这段文本里没有词被归入任何类别。',
  inTheText: '在文本中',
  list: '找到的内容',
  entity: '文本',
  label: '类别',
  place: (start, end) => `位置${start}–${end}`,
  offsets: '位置按UTF-16单元计算，与JavaScript字符串相同。',
};
