/** Chinese: what the screens that write have in common. */
import type { writing as english } from '../en/writing.js';

export const writing: typeof english = {
  stream: '生成的词元',
  ends: {
    eos: '模型自己收了尾',
    stop: '遇到了停止字符串',
    length: '达到了设定的长度',
    context: '上下文已满',
    sentences: '所要的句数已写够',
  },
  finished: (tokens, time, why) => `写完：${tokens}，用时${time}；${why}。`,
  soFar: (tokens) => `正在写：已有${tokens}。`,
  readingPrompt: (done, tokens) => `正在阅读提示词：${done} / ${tokens}。`,
  writing: '正在写。',
  stoppedAfter: (tokens) => `写了${tokens}后停止。`,
  thenStopped: (tokens) => `${tokens}，随后停止`,

  seed: '随机种子',
  seedAbout: '同一个种子抽出同样的文本；留空则每次换一个新的。',
  seedPlaceholder: '每次换新',

  wholeText: (text) => `全文：${text}`,
  howToLook: '点击一个词元，或用方向键移动，看看当时还可能写什么。',
  shade: '给不大可能的词元加底色',
  alternativesTo: (token) => `“${token}”之外的可能`,
  wrote: (token, probability) => ['模型写出了', token, `，概率${probability}。`],
  chooseAnother: '选另一个词元，就从那里接着写。',
  closeAlternatives: '关闭其他可能',
  couldHaveCome: '这里还可能写什么',
  token: '词元',
  writtenHere: (token) => `${token}，写的就是它`,
  continueWith: (token) => `用${token}接着写`,
};
