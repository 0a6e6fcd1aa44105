/** Chinese: the view Masking game. */
import type { masking as english } from '../../en/inside/masking.js';
import { isolated } from '../../mixed.js';

export const masking: typeof english = {
  label: '掩码游戏',
  about:
    'BERT上的学，你也来上一遍：在两段文本中选出15%的词元，像训练时那样遮住。你先猜，模型后猜；双方都要说后一段是否紧接着前一段。',
  help: {
    term: 'BERT的预训练',
    text: '选出15%的词元。其中80%变成[MASK]，10%变成随机词元，10%保持原样：如果全部遮住，模型就学不会读没有掩码的文本。哪个是哪种，模型并不知道；只在选中的词元上、而且在所有选中的词元上评判它。一半的文本对中，后一段确实紧接前一段；另一半的后一段来自别处。损失是选中词元的平均交叉熵，加上“是否相接”的交叉熵；训练就是要把它变小。随机种子决定抽到的一切。',
  },
  empty: ['按“查看内部”：会从文本中抽出两段，并遮住其中一些词元。'],
  examples: {
    bird: '雪中的小鸟',
    letter: '一封信',
    ship: '一艘船',
  },

  own: '原文（读了就没得玩了）',
  text: '文本，若干个句子',
  textAbout: '从中抽出相邻的两段；如果后一段应当来自别处，就取自另一个故事。',
  oneSentence: '请至少输入两个句子：游戏需要前后两段。',
  seed: '随机种子',
  seedAbout: '同一个种子抽出同样的段落、词元和掩码。',
  again: '再来一局',
  stages: '步骤',
  stageNames: {
    choose: '选出15%',
    replace: '替换：80 / 10 / 10',
    guess: '你来猜',
    answer: '模型作答',
  },
  next: '下一步',
  back: '上一步',
  reveal: '看模型的答案',

  chosenOf: (chosen, tokens) => `${tokens}中选出了${chosen}；它们已编号并遮住。`,
  replaced: (number, masked) =>
    masked ? `第${number}号变成[MASK]。` : `第${number}号显示一个词：随机词，或者它自己。是哪一种，你和模型都不知道。`,
  toReplace: (left) => `还要替换${left}。`,
  allReplaced: '这就是模型拿到的文本。',
  gapName: (number) => `第${number}号，已遮住`,
  shownName: (number, token) => `第${number}号，显示“${isolated(token)}”`,
  pieces: { a: 'A', b: 'B' },

  yourGuesses: '你的猜测',
  guessOf: (number) => `第${number}号：这里原来是什么？`,
  guessAbout: '不区分大小写；带##的词片，只写词片本身。',
  follows: '在故事里，B接在A后面吗？',
  yes: '接在后面',
  no: '来自别处',

  result: '得分',
  you: '你',
  model: '模型',
  score: (right, of) => `${right} / ${of}`,
  number: '编号',
  stood: '原来是',
  shown: '显示为',
  kinds: { mask: '遮住，80%', random: '随机，10%', keep: '保留，10%' },
  yourGuess: '你',
  noGuess: '没有猜',
  modelGuess: '模型',
  probability: '正确词的概率',
  loss: '损失，奈特',
  right: '对',
  wrong: '错',
  rank: (rank) => `第${rank}个猜测`,
  pairRow: 'B接在A后面',
  truth: { next: '接在后面', random: '来自别处' },
  mlmLoss: (mean, chosen) => `掩码词元：${mean}奈特（只对选中的${chosen}取平均）`,
  nspLoss: (loss, probability) => `下一句：${loss}奈特（−ln ${probability}）`,
  noNsp: '这个模型没有学过下一句：没有第二个损失。',
  sum: (sum) => `两个损失之和：${sum}奈特`,
  guesses: (number) => `模型对第${number}号的看法`,
  candidates: '模型的前五个猜测',
  noneChosen: '这段文本里没有可选的词元。',

  summary: {
    choose: (chosen) => `选出了${chosen}。请按“下一步”。`,
    answer: (you, model) => `你${you}，模型${model}。`,
  },
  columns: ['编号', '段', '原来是', '种类', '显示为', '你的猜测', '模型的猜测', '概率', '名次', '损失（奈特）'],
  table: '以表格列出答案',
  picture: '两段文本和选中的词元',
};
