/** Chinese: the view Tokenizer. */
import type { tokenizer as english } from '../../en/inside/tokenizer.js';
import { isolated } from '../../mixed.js';

export const tokenizer: typeof english = {
  label: '分词器',
  about:
    '模型读的既不是字母也不是词，而是一个个片段，每个片段对应一个编号。同一段文本的三种切法并排放在这里；选一个词，看看各自是怎样切出来的。',
  help: {
    term: '分词器',
    text: 'WordPiece（BERT）在词表中取能作为词的开头的最长片段，再对剩下的部分照此办理；##表示片段在词的内部。字节级BPE（GPT-2）从单个字节开始，一次次合并最先学到的那一对；Ġ代表空格，没有它不认识的文本。一个汉字是三个字节，所以可能由几个词元拼成。Unigram（SentencePiece的方法之一）给每个片段一个概率，取乘积最大的切法；▁代表空格。试试长单词、带重音的字母、表情符号、别的文字。不需要模型：只下载分词器的文件。',
  },
  empty: ['文本的三种切法会显示在这里。'],
  examples: {
    words: '少见的词',
    accents: '重音与表情',
    scripts: '别的文字',
    numbers: '数字与代码',
  },
  fetching: (name) => `正在下载分词器：${name}。`,

  names: {
    bert: 'WordPiece，来自小BERT',
    gpt: '字节级BPE，来自小GPT-2',
    unigram: 'Unigram，SentencePiece的做法',
    given: (kind, model) => `${kind}，来自${isolated(model)}`,
  },
  kinds: {
    wordpiece: 'WordPiece',
    bpe: 'BPE',
    byteBpe: '字节级BPE',
    unigram: 'Unigram',
    wordlevel: '整词',
  },
  summary: (counts) => `词元：${counts.join('，')}。`,
  countBy: (tokens, kind) => `${kind}${tokens}`,
  countOf: (tokens, bytes, perByte) => `${bytes}切成${tokens}：每个词元${perByte}字节`,
  another: '在“模型”标签页选给“模型内部”的模型，它的分词器也会显示在这里。',
  notFetched: (why) => `没能打开这个分词器。${why}`,
  again: '再试一次',

  chooseWord: '选一个词',
  step: '步',
  stepOf: (step, steps) => `${step} / ${steps}`,
  previous: '上一步',
  next: '下一步',
  start: '第一步',
  end: '最后一步',
  stepAbout: '用方向键逐步前进，三种切法同步；先完成的会等着。',
  done: '完成。',
  normalized: '先规范化为',
  bytes: '字节',
  ids: '编号',
  whole: '整体取用：它本身就是一个词元。',
  notShown: '步骤太多，不一一显示；结果如下。',

  tried: (piece, found) => (found ? ['查找', piece, '：词表里有，取用。'] : ['查找', piece, '：词表里没有。']),
  begin: '这个词本来的样子。请逐步前进。',
  symbols: '从单个符号开始。',
  bytesFirst: '从单个字节开始。',
  merge: (left, right, rank) => ['合并', left, '和', right, `：第${rank}号合并规则。`],
  noMerge: '其中没有学过的字节对：保持原样。',
  lattice: (piece, score, total, best) => [
    '到这里为止，经由',
    piece,
    `：ln p = ${score}，合计${total}。${best ? '目前最好。' : '已有更好的切法。'}`,
  ],
  path: '沿最好的路径往回走：片段就是这些。',
  unknown: '词表里没有：用一个表示“未知”的词元。',
  soFar: '目前为止',
  history: '之前的步骤',

  columns: ['分词器', '序号', '词元', '编号', '起', '止', '文本', '字节（十六进制）'],
  table: '以表格列出所有词元',
  picture: (text) => `“${isolated(text)}”，切成片段`,
};
