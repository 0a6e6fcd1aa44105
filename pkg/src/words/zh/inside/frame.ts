/** Chinese: the frame of the Inside screen: its views, its model, saving. */
import type { frame as englishFrame, models as englishModels, save as englishSave } from '../../en/inside/frame.js';

export const frame: typeof englishFrame = {
  about:
    '模型读你的文本时内部发生了什么，全部此时此地算出：没有一样是事先录好的。蓝色代表左右都读的模型，琥珀色代表从左往右读的模型。',
  view: '视图',
  text: '文本',
  texts: '文本，每行一段',
  pair: '句子B',
  pairAbout: '可以留空。两个句子会作为一段文本来读，中间加一个标记。',
  noText: '请输入文本，或在上方选一个例子。',
  stale: '这是上次修改之前的文本和模型的结果。',
  reading: (view) => `正在计算：${view}。`,
  pages: {
    before: '前面的词元',
    after: '后面的词元',
    tokens: (from, to, all) => `第${from}到${to}个词元，共${all}个`,
  },
};

export const models: typeof englishModels = {
  label: '模型',
  own: {
    bert: 'Cloze自带的小BERT',
    gpt: 'Cloze自带的小GPT-2',
  },
  options: {
    bert: 'BERT（Cloze自带）',
    gpt: 'GPT-2（Cloze自带）',
  },
  more: '其他模型：在“模型”标签页加载，然后在那里或这里选给“模型内部”。',
  notKept: (model) => `本浏览器里没有保存模型“${model}”。请先在“模型”标签页加载它。`,
};

export const save: typeof englishSave = {
  label: '保存所见内容',
  svg: 'SVG',
  png: 'PNG',
  csv: 'CSV',
  saved: (file) => `已保存为${file}。`,
  failed: '图太大，本浏览器无法存为PNG。SVG和CSV可以。',
};
