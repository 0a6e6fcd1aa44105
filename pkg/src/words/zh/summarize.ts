/** Chinese: the TL;DR screen. */
import type { summarize as english } from '../en/summarize.js';

export const summarize: typeof english = {
  verb: '写摘要',
  doing: '正在阅读文章。',
  examples: {
    bridge: '新闻',
    launch: '邮件',
    program: '一个程序',
    alice: '爱丽丝（过长）',
  },

  about:
    'GPT-2只会接着文本往下写；但在网上，一段文字若以“TL;DR:”（too long; didn’t read，太长不看）收尾，后面跟着的就是摘要，所以大的GPT-2没人教也会写摘要。',
  aboutAsked: '这个模型学过听从指令。给它的是文章和“请概括”的要求，措辞与它训练时相同；完整的提示词列在摘要下方。',
  helpAsked: {
    term: 'TL;DR引导语',
    text: 'GPT-2没有学过任何具体任务，在文章后面加上TL;DR:就能让它写摘要（见其论文3.6节）。会听从指令的模型不需要这种引导语；想试的话，在设置里填一个就行。',
  },
  help: {
    term: 'TL;DR引导语',
    text: 'GPT-2的作者在新闻后面加上TL;DR:，每次从最可能的两个词元中抽取，写100个词元，再取前三句（论文3.6节）。去掉这个引导语，摘要明显变差。',
  },
  own: 'Cloze自带的GPT-2要做这件事实在太小（1400万参数）。它看过约一万篇英语文章和摘要，却仍然只会抄一句话，而且往往不是要紧的那句。放在这里是供你拆解的：改改引导语、束宽，或舍去的部分。',

  document: '文章',
  placeholder: '粘贴要概括的文章。',
  noDocument: '请粘贴要概括的文章，或在上方选一个例子。',

  leaveOut: '文章过长时，舍去',
  parts: {
    tail: { name: '结尾', about: '模型看到开头。' },
    head: { name: '开头', about: '模型看到结尾。' },
    middle: { name: '中间', about: '模型看到首尾两头。' },
  },
  cue: '引导语',
  cueAbout: (token) => ['加在文章后面；', token('\\n'), '代表换行。不妨去掉它试试。'],
  canBeAsked: '这个模型可以直接提要求：只要引导语保持不变，给它的就是一个问题。',
  sentences: { label: '句数', about: '摘要最多包含这么多句。' },
  num_beams: {
    label: '束宽',
    about: '同时跟踪这么多条文本，最后取概率最大的一条；1表示逐个词元写。',
  },
  top_k: {
    label: 'Top-k',
    about: '束宽为1时，从最可能的k个词元中抽取：1只取最可能的，论文用的是2，0表示关闭。',
  },
  max_new_tokens: { label: '长度', about: '最多写这么多词元；上下文里会为它们留出位置。' },
  settingsAsked: (sentences) => `以对话方式提出要求，最多${sentences}`,
  settingsCue: (cue, sentences) => `引导语“${cue}”，最多${sentences}`,

  budget: {
    label: '留给文章的空间',
    unread: '模型能读多少文章，会显示在这里。',
    uncounted: '模型就绪后会计算词元数。',
    roomFor: (tokens, budget) => `${tokens}，可容纳${budget}个：`,
    leftOut: (part, tokens) => `舍去${part}（${tokens}）。`,
    all: (budget) => `，可容纳${budget}个：全部读入。`,
    forCue: (context, cue, rest) => `上下文共${context}个词元；引导语占${cue}个，摘要占${rest}个。`,
    forQuestion: (context, question, rest) => `上下文共${context}个词元；问题占${question}个，摘要占${rest}个。`,
    help: {
      term: '上下文',
      text: '模型一次最多读这么多词元，提示词和回答都算在内。放不下的部分会舍去，并在这里说明。',
    },
  },

  empty: ['摘要，以及求得它的完整提示词，会写在这里。', '选一个例子，或粘贴文章后按“写摘要”。'],
  summary: '摘要',
  atMost: (sentences) => `最多${sentences}`,
  noSentence: '模型没有写出任何像句子的东西。',
  allWritten: '写出的全部内容',
  beingWritten: '正在写',
  stream: '摘要词元',
  exactPrompt: '完整提示词',
  leftOutTokens: (tokens) => `舍去${tokens}：`,
  whatWasLeftOut: '舍去的内容',
};
