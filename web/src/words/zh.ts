/** Chinese (Simplified): what the page around the screens says. */
import type { en } from './en';

/** What stands in index.html, by `data-words`. */
const page = {
  title: 'Cloze：在你自己的设备上运行BERT和GPT-2',
  description: '浏览器里的BERT和GPT-2实验台：掩码填空、判断下一句、生成文本、写TL;DR摘要。一切都在你的设备上运行。',
  language: '语言',
  theme: '主题',
  auto: '自动',
  light: '浅色',
  dark: '深色',
  promise: 'BERT和GPT-2就在你自己的设备上：一切都在本页中运行，你输入的内容不会离开这里。',
  tasks: '任务',
  more: '更多',
  moreAbout: '微调模型能做的事。本页没有附带这样的模型：请从Hub或本机硬盘加载。',
  starting: '页面正在启动。',
  drop: '把模型的文件夹或文件放到这里打开；在“训练”标签页，也可以放入要学习的文本。',
  run: '本次运行',
  build: '构建',
  threads: '线程',
  model: '模型',
  offline: '没有网络时',
  models: '本页自带的模型',
  modelsMade:
    '两个模型都由我们自己训练，用的是公有领域的旧书、美国中央情报局的《世界概况》、WordNet的释义、美国总统演说、OpenStax教材，以及African Storybook和Pratham Books的儿童故事（CC BY 4.0），共约2700万词。BERT有3000万参数（BERT-base有1.1亿），从自由的编码器all-MiniLM-L6-v2出发，还读过AI为它写的日常句子。GPT-2有1400万参数（OpenAI最小的有1.24亿），完全从零训练，另外读过一万段描述和它们的一句话摘要。',
  modelsAre:
    '它们用来展示这类模型怎样工作，在手机上也行；它们只读过英语。与那些著名的模型相比，它们的训练少得多：事实零碎，故事跑题，摘要只会抄一句话。“文本生成”和“TL;DR摘要”提供更好的模型。旧书用它们那个年代的话谈论民族、女性和宗教，模型会重复其中的偏见。',
  teachers: '教师专页',
  teachersAbout: '：六节课，让全班训练自己的模型。',
  docs: '文档',
  docsAbout: '：写给师生、网页开发者和Rust开发者；另见',
  developers: '可以直接试用的网页元素',
  licence: 'MIT或Apache-2.0许可',
};

export const zh: typeof en = {
  page,
  between: '',
  teachers: './teachers.zh.html',
  docsEnding: '.zh.html',

  facts: {
    builds: {
      simd128: '128位向量',
      'relaxed-simd': '128位向量，宽松舍入',
      'relaxed-simd-threads': '128位向量，宽松舍入，多线程',
    },
    build: (name, meaning) => `${name}：${meaning}。`,
    threads: (used, of) => `本机${of}个线程中的${used}个。`,
    threadsOff: '未启用。',
    threadsOffBecause: (reason) => `未启用。${reason}`,
    notLoaded: '尚未加载。',
    ofEachScreen: '每一屏有各自的模型。',
    ofEachRun: '每次训练产生各自的模型。',
    model: (name, layers, width, parameters, bytes, dtype) =>
      `${name}，${layers}层，宽度${width}，${parameters}参数，以${dtype}存储占${bytes}。`,
    // Chinese counts in ten thousands.
    millions: (figure) => `${Math.round(Number(figure) * 100).toLocaleString('zh-CN', { useGrouping: false })}万`,
    megabytes: (figure) => `${figure} MB`,
  },

  link: {
    ignored: (problems) => `这个链接的一部分已被忽略：${problems.join('；')}。`,
    cannotBe: (key, value) => `“${key}”不能是${value}`,
    tooLong: '这段文本太长，放不进链接：复制的链接会打开标签页，但不带文本。',
    asksForModel: (model) => `这个链接需要模型“${model}”，而本浏览器里没有保存它。`,
    fetch: '下载它',
  },

  reload: '重新加载',

  offline: {
    noServiceWorkers: '本浏览器不支持：没有service worker。',
    needsHttps: '在这个网址不行：需要https。',
    refused: '本浏览器不支持：它拒绝service worker。',
    keeping: '正在保存页面，以便没有网络时使用。',
    models: { bert: 'BERT（掩码填空、下一句）', gpt: 'GPT-2（文本生成、TL;DR摘要）' },
    withSize: (model, size) => `${model}${size}`,
    ready: (models) => `就绪：本页和${models.join('、')}没有网络也能运行。`,
    partly: (here, missing) =>
      here.length === 0
        ? `没有网络时只有页面本身能启动：${missing.join('、')}没有保存在这里。`
        : `本页和${here.join('、')}没有网络也能运行。${missing.join('、')}没有保存在这里。`,
    training: (size) => `“训练”所需的内容（${size}）尚未保存。`,
    docs: (size) => `文档（${size}）还没有保存。`,
    noModels: '没有网络时本页也能启动，但本浏览器不保存模型。',
    keep: (amount) => `保存以供离线使用：最多${amount}`,
    stop: '停止保存',
    fetching: '正在下载缺少的内容。',
    keepingModel: (model, loaded, total, rate) =>
      `正在下载${model}：${loaded} / ${total}${rate === undefined ? '' : `，${rate}/秒`}。`,
    notKept: (why) => `没能全部保存：${why}`,
    failed: (why) => `尚未完成：${why}。下次访问时会再试。`,
    notAllFetched: '有些文件没能下载',
    noAnswer: 'service worker没有回应',
    newVersion: '有新版本。',
    threadsAfterReload: '重新加载后，模型会用多个线程计算。',
  },
};
