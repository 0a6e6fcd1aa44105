/** Chinese: what all screens have. */
import type { frame as englishFrame, labels as englishLabels } from '../en/frame.js';

export const labels: typeof englishLabels = {
  'fill-mask': '掩码填空',
  'next-sentence': '下一句',
  generate: '文本生成',
  summarize: 'TL;DR摘要',
  inside: '模型内部',
  train: '训练',
  models: '模型',
  answer: '问答',
  classify: '分类',
  tag: '标注',
};

/** Scripts by their names. */
const scripts: Readonly<Record<string, string>> = {
  Arabic: '阿拉伯文',
  Armenian: '亚美尼亚文',
  Bengali: '孟加拉文',
  Cyrillic: '西里尔字母',
  Devanagari: '天城文',
  Ethiopic: '埃塞俄比亚文',
  Georgian: '格鲁吉亚文',
  Greek: '希腊文',
  Gujarati: '古吉拉特文',
  Gurmukhi: '旁遮普文',
  Han: '中文',
  Hangul: '韩文',
  Hebrew: '希伯来文',
  Hiragana: '日文',
  Katakana: '日文',
  Khmer: '高棉文',
  Lao: '老挝文',
  Myanmar: '缅甸文',
  Sinhala: '僧伽罗文',
  Tamil: '泰米尔文',
  Telugu: '泰卢固文',
  Thai: '泰文',
};

export const frame: typeof englishFrame = {
  marks: { comma: '，', semicolon: '；', colon: '：', fullStop: '。', between: '' },

  examples: '例子',
  tryOne: '试试',
  stop: '停止',
  keys: (modifier) => `${modifier} + 回车`,
  results: '结果',
  copy: '复制',
  shareLink: '分享链接',
  settings: '设置',
  retry: '重试',
  reload: '重新加载页面',
  reset: '恢复默认设置',

  ownBert: 'Cloze自带的小BERT',
  ownGpt: 'Cloze自带的小GPT-2',
  answerOf: (model) => ['由', model, '作答。'],

  otherLanguage: '这看起来不是英语，而模型只读过英语：它的回答说明不了这段文字的任何问题。',
  otherScript: (script) => `模型只读过英语，不认识${scripts[script] ?? script}：它的回答说明不了这段文字的任何问题。`,

  nowWith: (model) => ['现在使用模型', model, '。'],

  loading: '正在加载模型。',
  loadingFirst: (verb) => `模型还在加载。“${verb}”已记下，模型一到就开始。`,
  ready: '模型已就绪。',
  loadingStopped: '已停止为这一屏加载模型。已经下载的部分会保留。',
  stopped: '已停止。',
  opening: '正在打开模型',
  fetching: '正在下载模型和运行它的程序',
  paused: '加载已暂停',
  meanwhile: (verb) => `这期间可以输入、选择，也可以按“${verb}”。`,
  remembered: (verb) => `“${verb}”已记下，到时自动开始。你仍可修改已输入的内容。`,
  pauseLoading: '暂停加载',
  resumeLoading: '继续加载',
  stopLoading: '停止加载',
  progress: (what, amount) => `${what}：${amount}`,

  copied: (characters) => `已复制${characters}。`,
  cannotCopy: '浏览器不允许在这里复制。请选中文字，手动复制。',
  linkCopied: (content) => `链接已复制。${content}`,
  cannotCopyLink: (link) => `浏览器不允许在这里复制。链接是：${link}`,
  linkContent: '打开链接的人会看到这一屏。',

  whatIs: (term) => `什么是${term}？`,
  probability: '概率',
  tokenNumber: '编号',
  wholeNumberFrom: (min) => `不小于${min}的整数。`,
  wholeNumber: (min, max) => `${min}到${max}之间的整数。`,
  numberFrom: (min) => `不小于${min}的数。`,
  number: (min, max) => `${min}到${max}之间的数。`,

  facts: {
    time: '用时',
    read: '读入',
    speed: '速度',
    written: '写出',
    seed: '随机种子',
    model: '模型',
    build: '构建',
    modelIs: (name, parameters, dtype) => `${name}，${parameters}参数，${dtype}`,
    oneThread: (build) => `${build}，1个线程`,
    threads: (build, threads) => `${build}，${threads}个线程`,
    readIn: (tokens, time) => `${tokens}，用时${time}`,
  },

  state: {
    noObject: '状态应当是一个对象',
    unknown: (key, near, keys) =>
      near === undefined ? `没有${key}这一项（只有${keys.join('、')}）` : `没有${key}这一项；你是指${near}吗？`,
    mustBe: (key, what) => `${key}应当是${what}`,
    text: '一段文本',
    flag: 'true或false',
    oneOf: (values) => `下列之一：${values.join('、')}`,
    list: '由文本组成的列表',
    number: '一个数',
    seed: '不小于0的整数',
    refused: (element, problems) => `${element}：${problems.join('；')}`,
  },

  link: {
    noTask: '没有写明任务',
    unknownTask: (task) => `没有“${task}”这个任务`,
    unknownKey: (key) => `“${key}”不是这个标签页的设置`,
    notANumber: (key) => `“${key}”不是数`,
    notAFlag: (key) => `“${key}”既不是true也不是false`,
  },
};
