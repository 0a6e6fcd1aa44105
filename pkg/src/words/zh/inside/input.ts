/** Chinese: the view Input. */
import type { input as english } from '../../en/inside/input.js';
import { isolated } from '../../mixed.js';

/** A head of a diagram: what it is, and what it is judged by. */
const head = (loss: string, ...lines: string[]) => ({ lines, loss });

export const input: typeof english = {
  label: '输入',
  about:
    '模型拿到的文本是这样的：切成词元，句子的前面、中间、后面加上标记；每个词元是一个向量，由“它是什么”“它在哪一句”“它在什么位置”三部分相加而成。',
  help: {
    term: '嵌入',
    text: '模型里有一张表，词表中的每个词对应一个向量，和其他权重一样是学来的；用法相近的词，方向也相近。BERT还要加上表示句子A或B的两个向量之一，以及表示位置的一个向量（论文图2）；GPT-2不分句子；Llama不加位置，而是在每一层旋转向量。看看一个词的近邻，看看位置条纹如何沿文本变化，再看看各部分有多长。',
  },
  examples: {
    bank: '“bank”一词',
    pair: '两个句子',
    question: '问题与文章',
    choice: 'GPT：两个选项',
  },
  empty: [
    '词元和它们的向量会显示在这里，还有模型为各种学习任务组织你这段文本的示意图。',
    '选一个例子，或输入文本后按“查看内部”。',
  ],
  summary: (tokens, width) => `${tokens}，每个是由${width}个数组成的向量。`,
  tokens: '词元',
  asRead: (text) => `模型拿到的文本：${text}`,
  chosen: (token) => [token, '的向量'],
  parts: { token: '词元', segment: '句段', position: '位置', sum: '总和' },
  strips: (token, width) => `“${isolated(token)}”的向量各部分及其总和的${width}个值，画成彩色条纹。`,
  colours: (scale) => `每条条纹从头到尾显示各个值：大于0为彩色，小于0为灰色，±${scale}时颜色最深。‖·‖是向量的长度。`,
  all: '所有词元',
  allAbout: '每个词元一行。点击其中一个，在上方查看。',
  overview: (tokens) => `${tokens}个词元的嵌入值，每个词元一行，每个部分一组列。`,
  inNumbers: '用数字看',
  columns: { place: '位置', token: '词元', id: '词表中的编号', segment: '句段' },
  lengthOf: (part) => `‖${part}‖`,
  neighbours: (token) => ['词表中与', token, '最接近的'],
  neighboursAbout: '按两个词嵌入夹角的余弦：1表示方向相同，0表示毫不相干。',
  cosine: '余弦',
  looking: '正在查找。',
  letGo: '模型在此期间已被释放。',

  format: '用途',
  formats: {
    bert: 'BERT',
    gpt: 'GPT',
    mlm: '掩码词（预训练）',
    nsp: '下一句（预训练）',
    'pair-classification': '两个句子，一个标签',
    classification: '一个句子，一个标签',
    'question-answering': '问题与含有答案的文章',
    tagging: '每个词一个标签',
    lm: '下一个词（预训练）',
    'gpt-classification': '一段文本，一个标签',
    'gpt-entailment': '一段文本能否由另一段推出',
    'gpt-similarity': '两段文本意思是否相同',
    'gpt-choice': '从几个选项中选一个',
  },
  formatTitle: '输入什么，输出什么',
  needsPair: '这种格式要读两段文本：请在上方的句子B中输入第二段。',
  severalAnswers: '句子B的每一行是一个选项。',
  formatAbout: {
    mlm: '遮住一个词元，它所在位置的输出进入一个输出层，给词表中的每个词一个概率。训练时选中15%的词元，只在这些位置计算损失。在上方另选一个词元，就会改为遮住它。',
    nsp: '[CLS]处的输出（记作C）经过池化层，进入一个二分类层。掩码词和下一句的两个损失相加。',
    'pair-classification': '微调：在C上加一个新的层，每个标签一行权重；其余部分都从预训练模型出发，继续学习。',
    classification: '微调：同样是C上的一层，只是输入只有一个句子。',
    'question-answering':
      '微调：两个新向量，S表示答案的起点，E表示终点。它们与文章中每个词元的输出相乘，再对这些词元做softmax，就得出答案从哪里开始、到哪里结束。',
    tagging: '微调：每个词的输出上加一个新的层，取它的第一个词片；各词的损失取平均。',
    lm: '每个输出只看得到它前面的内容，并给出下一个词元；每个位置都计算损失。',
    'gpt-classification':
      '微调：文本放在两个新词元Start和Extract之间。Extract处的输出看过全文，进入一个新的层。语言模型的损失乘以权重λ（0.5）一并计入。',
    'gpt-entailment': '前提和假设先后排列，中间隔着第三个新词元：分隔符。',
    'gpt-similarity':
      '两段文本没有先后之分，可是从左往右读的模型无从得知：于是两种顺序都读一遍，把两个Extract输出相加。',
    'gpt-choice': '背景与每个选项各读一遍；新的层给每个选项打一个分，再用softmax在分数之间选择。',
  },
  diagram: {
    title: (format) => `示意图：${format}，用这段文本`,
    bothWays: '左右都读',
    leftToRight: '只往回看',
    start: '‹Start›',
    delimiter: '‹Delim›',
    extract: '‹Extract›',
    mlm: {
      lines: (words) => [
        'MLM输出头',
        `全连接层、GELU、LayerNorm；再由词嵌入给出${words.toLocaleString('zh-CN')}个分数；softmax`,
      ],
      loss: (token) => `只在此处计算损失：−log p(“${isolated(token)}”)`,
    },
    nsp: head('损失：−log p(IsNext或NotNext)', 'NSP输出头', '池化层（全连接、tanh），再得2个分数；softmax'),
    classes: head('损失：−log p(正确标签)', '新的层', '每个标签一个分数；softmax'),
    answer: {
      start: head('损失：−log p(答案的第一个词元)', '起点向量S', '与每个输出相乘；在文章上做softmax'),
      end: head('损失：−log p(答案的最后一个词元)', '终点向量E', '与每个输出相乘；在文章上做softmax'),
    },
    tagging: head('损失：−log p(正确标签)的平均', '新的层', '每个词、每个标签一个分数；softmax'),
    language: {
      lines: (words) => ['LM输出头', `由词嵌入为下一个词元给出${words.toLocaleString('zh-CN')}个分数；softmax`],
      loss: '每个位置的损失：−log p(下一个词元)',
      auxiliary: '另加损失L₁，乘以λ',
    },
    entailment: head('损失L₂：−log p(正确标签)', 'Extract上的新层', '“推出”“矛盾”“两者都不是”的分数；softmax'),
    similarity: head('损失L₂：−log p(正确标签)', '总和上的新层', '两个向量相加；每个标签一个分数；softmax'),
    choice: head('损失L₂：−log p(正确选项)', 'Extract上的新层', '每个选项一个分数；在选项之间做softmax'),
  },
};
