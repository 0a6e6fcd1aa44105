/** The view Input. */
import { isolated, type Mixed } from '../../mixed.js';

/** A head of a diagram: what it is, and what it is judged by. */
const head = (loss: string, ...lines: string[]) => ({ lines, loss });

/** The view Input in English. */
export const input = {
  label: 'Input',
  about:
    'The text as the model gets it: cut into tokens, with marks before, between and after the sentences; each token a vector that is the sum of what it is, which sentence it stands in, and where.',
  help: {
    term: 'an embedding',
    text: 'A table of the model has a vector for each word of its vocabulary, learned like all its weights; words that are used alike point the same way. BERT adds one of two vectors for sentence A and B, and one for the place (figure 2 of its paper); GPT-2 has no sentences; Llama adds no places but turns vectors in each layer. Look at the neighbours of a word, at how the strip of the place changes along the text, and at how long each part is.',
  },
  examples: {
    bank: 'A bank',
    pair: 'Two sentences',
    question: 'A question and a text',
    choice: 'GPT: two answers',
  },
  empty: [
    'The tokens and their vectors will stand here, and diagrams of how models take your text for what they learn.',
    'Choose an example, or type a text and press Look inside.',
  ],
  summary: (tokens: string, width: number) => `${tokens}, each a vector of ${width} numbers.`,
  tokens: 'The tokens',
  asRead: (text: string) => `As the model gets it: ${text}`,
  chosen: <T>(token: T): Mixed<T> => ['The vector of ', token],
  parts: { token: 'Token', segment: 'Segment', position: 'Position', sum: 'Sum' },
  strips: (token: string, width: number) =>
    `The ${width} values of each part of the vector of “${isolated(token)}”, and of their sum, as coloured strips.`,
  colours: (scale: string) =>
    `Each strip shows the values from the first to the last: coloured above 0, grey below, full strength at ±${scale}. ‖·‖ is the length of the vector.`,
  all: 'All tokens',
  allAbout: 'A row for each token. Click one to see it above.',
  overview: (tokens: number) =>
    `The values of the embeddings of ${tokens} tokens, a row each, a block of columns for each part.`,
  inNumbers: 'In numbers',
  columns: { place: 'Place', token: 'Token', id: 'Number in the vocabulary', segment: 'Segment' },
  lengthOf: (part: string) => `‖${part}‖`,
  neighbours: <T>(token: T): Mixed<T> => ['Nearest in the vocabulary to ', token],
  neighboursAbout:
    'By the cosine of the angle between both word embeddings: 1 is the same direction, 0 none in common.',
  cosine: 'Cosine',
  looking: 'Looking them up.',
  letGo: 'The model has been let go in the meantime.',

  format: 'What it is made for',
  formats: {
    bert: 'BERT',
    gpt: 'GPT',
    mlm: 'Masked words (pre-training)',
    nsp: 'Next sentence (pre-training)',
    'pair-classification': 'Two sentences, one label',
    classification: 'One sentence, one label',
    'question-answering': 'A question and a text with the answer',
    tagging: 'A label for each word',
    lm: 'The next word (pre-training)',
    'gpt-classification': 'One text, one label',
    'gpt-entailment': 'Does one text follow from another',
    'gpt-similarity': 'Do two texts say the same',
    'gpt-choice': 'Several answers to choose from',
  },
  formatTitle: 'What goes in and what comes out',
  needsPair: 'This format reads two texts: type the second one into Sentence B above.',
  severalAnswers: 'Each line of Sentence B is an answer.',
  formatAbout: {
    mlm: 'A token is hidden, and the output at its place goes into a layer that gives each word of the vocabulary a probability. In training 15 % of the tokens are chosen, and only at those is there a loss. Choose another token above to hide it.',
    nsp: 'The output at [CLS] (called C) goes through the pooler into a layer with two classes. Both losses, of the masked words and of the next sentence, are added.',
    'pair-classification':
      'Fine-tuning: a new layer on C, with a row of weights for each label; everything else starts from the pre-trained model and learns on.',
    classification: 'Fine-tuning: the same layer on C as for two sentences, with one sentence alone.',
    'question-answering':
      'Fine-tuning: two new vectors, S for the start and E for the end of the answer. The product of each with the output of each token of the text, through a softmax over these tokens, says where the answer begins and ends.',
    tagging:
      'Fine-tuning: one new layer on the output of each word, at the first of its pieces; the losses are averaged.',
    lm: 'Each output sees only what stands before it and says which token comes next; there is a loss at each place.',
    'gpt-classification':
      'Fine-tuning: the text stands between two new tokens, Start and Extract. The output at Extract has seen all of it, and goes into a new layer. The loss of the language model is added with a weight λ of 0.5.',
    'gpt-entailment':
      'Premise and hypothesis stand one after the other with a third new token between them, the delimiter.',
    'gpt-similarity':
      'Neither text comes first, and a model that reads from left to right cannot be told so: both orders are read, and the two outputs at Extract are added.',
    'gpt-choice':
      'The context is read once with each answer; the new layer gives each of them one score, and a softmax over the scores chooses.',
  },
  diagram: {
    title: (format: string) => `Diagram: ${format}, on this text`,
    bothWays: 'reads both ways',
    leftToRight: 'looks back only',
    start: '‹Start›',
    delimiter: '‹Delim›',
    extract: '‹Extract›',
    mlm: {
      lines: (words: number) => [
        'MLM head',
        `dense layer, GELU, LayerNorm; then the word embeddings give ${words.toLocaleString('en')} scores; softmax`,
      ],
      loss: (token: string) => `Loss here alone: −log p(“${isolated(token)}”)`,
    },
    nsp: head('Loss: −log p(IsNext or NotNext)', 'NSP head', 'pooler (dense, tanh), then 2 scores; softmax'),
    classes: head('Loss: −log p(right label)', 'New layer', 'a score for each label; softmax'),
    answer: {
      start: head(
        'Loss: −log p(first token of the answer)',
        'Start vector S',
        'product with each output; softmax over the text',
      ),
      end: head(
        'Loss: −log p(last token of the answer)',
        'End vector E',
        'product with each output; softmax over the text',
      ),
    },
    tagging: head('Loss: mean of −log p(right label)', 'New layer', 'for each word a score for each label; softmax'),
    language: {
      lines: (words: number) => [
        'LM head',
        `the word embeddings give ${words.toLocaleString('en')} scores for the next token; softmax`,
      ],
      loss: 'Loss at each place: −log p(next token)',
      auxiliary: 'Loss L₁ besides, times λ',
    },
    entailment: head(
      'Loss L₂: −log p(right label)',
      'New layer on Extract',
      'scores for follows, contradicts, neither; softmax',
    ),
    similarity: head(
      'Loss L₂: −log p(right label)',
      'New layer on the sum',
      'both vectors added; a score for each label; softmax',
    ),
    choice: head(
      'Loss L₂: −log p(right answer)',
      'New layer on Extract',
      'one score for each answer; softmax over the answers',
    ),
  },
};
