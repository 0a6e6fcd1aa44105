/** Chinese: the Generate screen. */
import type { generate as english } from '../en/generate.js';
import { isolated } from '../mixed.js';

export const generate: typeof english = {
  about: (model) =>
    `${model}从左往右读，给词表中的每个词元一个概率，表示它有多可能是下一个。从中抽出一个接到文本后面，再来一次，就这样一个词元一个词元地写下去。`,
  ownModel: 'GPT-2',
  someModel: '语言模型',
  help: {
    term: '从左往右读的语言模型',
    text: '这种模型在海量文本上学着猜下一个词元，从来看不到后面的内容。所谓写作，不过是把这种猜测一遍又一遍地重复。',
  },
  chats: '这个模型又在对话上训练过。说过的话都放进同一段文本，用标记区分谁在说话；回答就是模型从那里接着写出来的内容。',
  own: 'Cloze自带的模型很小（1400万参数，是最小的GPT-2的九分之一），读的是英文旧故事书：写起来像那么回事，但很快就会跑题。',

  mode: '做什么',
  chatMode: '对话',
  textMode: '续写文本',

  text: {
    verb: '生成',
    doing: '正在阅读提示词。',
    examples: {
      once: '从前',
      storm: '海上风暴',
      talk: '一段对话',
      loop: '贪心陷入循环',
    },
    prompt: '提示词',
    placeholder: '文本怎样开头？',
    noPrompt: '请写出文本的开头，或在上方选一个例子。',
    empty: [
      '文本会一个词元一个词元地写在这里；点开任何一个，就能看到当时还可能写什么。',
      '选一个例子，或写出开头后按“生成”。',
    ],
  },

  chat: {
    verb: '发送',
    doing: '正在阅读对话。',
    examples: {
      volcano: '火山',
      opposite: '反义词',
      capital: '首都',
    },
    message: '消息',
    firstPlaceholder: '问点什么。',
    nextPlaceholder: '回应，或继续问。',
    noMessage: '请输入消息，或在上方选一个例子。',
    tooLong: '对话已经超过模型能读的长度。请开始新的对话，或缩短这条消息。',
    newChat: '新对话',
    continueAnswer: '继续回答',
    continueAbout: '让模型接着上一条回答写下去，比如它因为达到设定的长度而中断时。',
    newConversation: '新的对话开始了。',
    linkContent: '打开链接的人会看到这一屏，包括消息框、系统消息和设置；已经说过的话不在其中。',
    system: '系统消息',
    systemAbout: '对话开始之前告诉模型的话；留空时，由模型自己的模板决定。',
    conversation: '对话',
    empty: ['对话会显示在这里。它只留在这台设备上。', '选一个例子，或输入消息后按“发送”。'],
    who: { user: '你', assistant: '模型', model: (name) => `模型${isolated(name)}` },
    said: (who, what) => `${who}：${what}`,
  },

  settings: {
    fromFiles: (source) => `初始值取自模型的${source}；其中没有规定的，用适合这一屏的值。`,
    ggufFile: 'GGUF文件',
    notFollowed: (names) => `其中未采用：${names}。`,
    howTaken: '怎样选取下一个词元',
    sampling: '采样',
    samplingAbout: '按概率随机抽取',
    greedy: '贪心',
    greedyAbout: '总取最可能的',
    sampled: (temperature, tokens) => `采样，温度${temperature}，${tokens}个词元`,
    sampledWithSeed: (temperature, tokens, seed) => `采样，温度${temperature}，${tokens}个词元，种子${seed}`,
    greedily: (tokens) => `贪心，${tokens}个词元`,
    max_new_tokens: {
      label: '长度',
      about: '最多写这么多词元；一个词是一个或几个词元。模型的上下文写满时也会停下。',
    },
    temperature: {
      label: '温度',
      about: '小于1时，可能的更可能；大于1时，文本越来越天马行空。',
    },
    top_k: {
      label: 'Top-k',
      about: '只从最可能的k个词元中抽取；0表示关闭。',
      help: {
        term: 'top-k采样',
        text: '长尾里的词元每个都不大可能，合起来却常被抽中，把文本带偏。Top-k按固定的个数把长尾截掉。',
      },
    },
    top_p: {
      label: 'Top-p',
      about: '只从概率合计达到p的最可能的那些词元中抽取；1表示关闭。',
      help: {
        term: 'top-p采样',
        text: '也叫核采样：模型有把握时留下的词元少，没把握时留下的多。固定的个数做不到两头兼顾。',
      },
    },
    min_p: {
      label: 'Min-p',
      about: '只保留概率不低于最可能词元这一比例的词元；0表示关闭。',
      help: {
        term: 'min-p采样',
        text: '门槛随最可能的词元浮动：模型有把握时高，没把握时低。温度高时也不会失控。',
      },
    },
    repetition_penalty: {
      label: '重复惩罚',
      about: '大于1时，文本中已有的词元变得不大可能；1表示关闭。',
      help: {
        term: '重复惩罚',
        text: '小模型容易陷入循环，因为重复过的短语会让自己再次出现的可能更大。把用过的词元的分数除以一个数，就能打破循环。',
      },
    },
    no_repeat_ngram_size: {
      label: '禁止重复的短语长度（词元）',
      about: '连续这么多词元不会出现第二次，提示词里的也算；0表示都允许。',
    },
    stop: '停止字符串',
    stopAbout: (token) => ['写到其中任何一个之前就停下；每行一个，', token('\\n'), '代表换行。'],
  },
};
