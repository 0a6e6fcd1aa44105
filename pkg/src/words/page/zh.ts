/** Chinese: what code of the page says beside the screens, errors above all. An option's sentence follows its name. */
import type * as english from './en.js';

export { coreErrors } from './zh-errors.js';

export const optionErrors: typeof english.optionErrors = {
  string: (type) => `应当是字符串，而不是${type}`,
  list: '列表',
  strings: '应当是由字符串组成的列表',
  ids: '应当是由词元编号（不小于0的整数）组成的列表',
  function: (type) => `应当是函数，而不是${type}`,
  signal: '应当是AbortSignal',
  noObject: '应当是一个对象，例如{ signal }',
  meant: (place, near) => `在${place}中不存在。你是指"${near}"吗？`,
  elsewhere: (place, others, names) => `属于${others.join('、')}，不属于${place}；${place}有${names.join('、')}`,
  unknown: (place, names) => `在${place}中不存在；${place}有${names.join('、')}`,
  withoutJoint: '只在联合填写掩码时才用得上。请同时设置joint',
  flag: (value) => `应当是true或false，而不是${value}`,
  number: (limit, value, hint) => `应当是${limit}，而不是${value}${hint && `。${hint}`}`,
  limits: {
    whole: '整数',
    any: '数',
    from: (kind, min) => `不小于${min}的${kind}`,
    fromTo: (kind, min, max) => `${min}到${max}之间的${kind}`,
  },
  noneOf: (value, allowed) => `"${value}"不在${allowed.join('、')}之中`,
  neither: (value, one, other) => `"${value}"既不是${one}也不是${other}`,
  onlyWasm: (device) => `"${device}"不是wasm，而这里只有wasm`,
  threads: '应当是不小于1的整数',
  noCandidates: '候选列表是空的',
  jointTargets: '联合填写掩码时无法打分。请去掉joint',
  message: (index) => `第${index}项应当是对象，带有role（字符串）和content`,
  objects: '应当是由对象组成的列表',
  noJson: (why) => `无法写成JSON：${why}`,
  ofConversations: '只用于对话：请给出消息列表，而不是文本',
  notAsMany: (contexts, questions) => `应当是一段文本，或者与问题一样多（${questions}段），而不是${contexts}段`,
  noPair: '应当是文本，或带有text和text_pair的对象',
  nothingToRead: (input) => `${input}是空的：模型的分词器会丢掉其中所有字符。`,
  noTexts: '文本列表是空的',
  uneven: '应当是true，或者所有文本的token数相同：张量的各行一样长（也可把return_tensor设为false）',
  paddingWithoutLength: '设为"max_length"时，这里还要给出max_length',
  severalRows: '有好几行。请用batch_decode()',
  oneRow: '应当是一行token',
  notHanded: '不是由流水线交来的：streamer只知道流水线交来的token的文本',
  streamer: '应当是TextStreamer，或带有put和end两个函数的对象',
  sameTexts: '大于1时要抽样写几段文本，而不抽样时每段都一样：请把do_sample设为true',
  withoutQuantize: '说的是向量怎样量化。请同时设置quantize',
  quantizePooled: '要求每段文本一个向量：请设置pooling，例如"mean"',
  quantizeWidth: (width: number) => `要求向量的宽度是8的倍数，而这个模型的是${width}`,
  oneStream: '应当是1：stream()只写一段文本',
  oneAtATime: '应当是一段文本或一个对话；stream()一次只写一个',
  unsendable: '某个选项里有无法发送给worker的内容。',
};

export const buildErrors: typeof english.buildErrors = {
  noSimd: '本浏览器不能运行带SIMD的WebAssembly。请使用Chrome 91、Firefox 89、Safari 16.4或更新的版本。',
  noRelaxedSimdFor: (build) => `本浏览器没有relaxed SIMD，因此不能运行构建"${build}"。请使用"auto"。`,
  cannotRun: (build, reason) => `构建"${build}"不能在这里运行。${reason}`,
  threadsOff: {
    buildWithout: '指定了不带线程的构建。',
    noRelaxedSimd: '本浏览器没有relaxed SIMD，而带线程的构建要用到它。',
    notStarted: '线程没有启动。',
    oneThread: '指定了只用一个线程。',
    notIsolated: '本页没有跨源隔离：服务器没有发送COOP和COEP标头。',
    oneCore: '这台设备只有一个核心。',
  },
};

export const workerErrors: typeof english.workerErrors = {
  starting: '正在启动模型的worker',
  failed: (why) => `模型的worker出错：${why}。请再试一次。`,
  gone: '模型的worker已不在。请再试一次。',
  notStarted: (why) =>
    `没能启动模型的worker：${why}。软件包的dist文件夹是否完整发布？页面如有Content-Security-Policy，须允许worker（worker-src 'self'）。`,
  notStartedElsewhere: (why, origin) =>
    `没能启动模型的worker：${why}。它的文件来自${origin}，与本页不同源（沙盒中的页面没有自己的源）：该服务器须允许这样做（Access-Control-Allow-Origin: *）；页面如有Content-Security-Policy，须允许来自blob:的worker（worker-src blob:）和来自${origin}的脚本。`,
  noFiles:
    '从这个脚本找不到软件包的文件，因为脚本自己的地址是blob:或data:。请从文件所在的位置导入（https://…/dist/index.js）。',
  noWorkers: {
    node: 'Cloze在浏览器中运行：在Node等服务器上没有web worker。请在页面里调用pipeline()；如果框架在服务器上渲染，请放在只有浏览器才执行的地方（React中放在useEffect或事件处理函数里）。',
    serviceWorker:
      'service worker不能启动运行模型的worker。请在页面里，或页面的worker里调用pipeline()，再向它发送消息。',
    sharedWorker:
      '这个shared worker不能启动运行模型的worker。请在页面里，或dedicated worker（new Worker）里调用pipeline()，再向它发送消息。',
    other: '这里没有web worker，而模型要在其中运行。请在页面里，或页面的worker里调用pipeline()。',
  },
  scriptNotLoaded: '没能加载它的脚本',
  disposed: '这个pipeline已被释放。请用pipeline()新建一个。',
};

/** What a head does, by its name. */
const heads: (typeof english.modelErrors)['heads'] = {
  mlm: '掩码词输出头',
  nsp: '下一句输出头',
  lm: '下一个词元输出头',
  qa: '问答输出头（答案在文章中从哪里到哪里）',
  'sequence-classification': '分类输出头（文本属于哪一类）',
  'token-classification': '标注输出头（每个词元属于哪一类）',
};

export const modelErrors: typeof english.modelErrors = {
  needed: { encoder: 'BERT类', decoder: 'GPT类' },
  noCode: (task) => `未能下载Cloze中任务${task}所需的代码。请检查网络后重试，或重新加载页面。`,
  wrongArchitecture: (task, needed, found) => `任务${task}需要${needed}模型，而这是${found}模型。请换一个模型或任务。`,
  heads,
  noHead: ({ task, head, found, others, example }) => {
    const use = others.length > 0 ? `它可以用于${others.join('、')}` : '这里的其他任务也用不了它';
    const name = example === undefined ? '' : `，例如${example}`;
    return `任务${task}需要${head}，而这个${found}文件没有。${use}。请指定为${task}训练过的模型${name}。`;
  },
  noDefault: (task, example) =>
    `对${task}是必需的：软件包没有附带为它微调过的模型。请指定一个，例如Hugging Face Hub上的"${example}"`,
  ready: '模型已就绪',
};

export const coreAdvice: typeof english.coreAdvice = {
  truncated_weights: () => '请重新下载。',
  invalid_weights: ({ reason }) => (String(reason).includes('CRC-32') ? '请重新下载。' : ''),
  out_of_memory: ({ what, model_bytes, dtype }) => {
    if (what === undefined) return '';
    return model_bytes === undefined || dtype === 'q4'
      ? '请关闭其他标签页，或选择更小的模型。'
      : '请关闭其他标签页、以q4加载，或选择更小的模型。';
  },
  chat_template: ({ problem }) =>
    problem === 'refused' || problem === 'unfitting'
      ? '请检查角色及其顺序，或以文本形式给出提示词。'
      : '请以文本形式给出提示词，或用tokenizer_encode_kwargs.chat_template指定别的模板。',
};
