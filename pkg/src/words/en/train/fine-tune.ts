/** The view Fine-tune. */
import { isolated } from '../../mixed.js';

/** The view Fine-tune in English. */
export const fineTune = {
  label: 'Fine-tune',
  about:
    'A model that has read much learns a task of yours from a few dozen examples. Its lower layers stay as they are; a new small layer on top, and as many of the upper ones as you like, learn.',

  examples: '1. Examples',
  format: 'What is to be learnt',
  formats: {
    sentence: { name: 'A class of a text', about: 'Who wrote it? Praise or blame?' },
    pair: { name: 'A class of two texts', about: 'Does B follow from A?' },
    tagging: { name: 'A tag for each word', about: 'Is it a name? Does a sentence end here?' },
    span: { name: 'An answer in a text', about: 'Which words answer the question?' },
  },
  tables: 'Start from',
  tableOf: (title: string, size: string) => `${title} (${size})`,
  fetching: (title: string) => `Fetching “${title}”.`,
  filled: (title: string, examples: string) => `“${title}”: ${examples}. You can change them as you like.`,
  credit: (source: string) => `Examples: ${source}`,

  heading: (number: string) => `Heading ${number}`,
  headingAbout: 'What these examples are',
  headingExamples: (label: string) => `Examples of ${isolated(label)}`,
  headingNumber: (number: string) => `Examples of heading ${number}`,
  placeholders: {
    sentence: ['Praise', 'Blame', 'Another'],
    pair: ['B follows A', 'B does not', 'Another'],
  },
  lines: {
    sentence: 'One example a line. You can paste many at once.',
    pair: 'One pair a line: first text | second text. What is copied from two columns of a spreadsheet fits as it is.',
    tagging:
      'One sentence a line. A word’s tag stands behind it: Anna/NAME lives in Rome/PLACE. Words without one get the tag below.',
    span: 'One example a line: question | text | answer, as it stands in the text. What is copied from three columns of a spreadsheet fits as it is.',
  },
  tagging: 'Sentences with tags',
  untagged: 'Tag of words that bear none',
  span: 'Questions, texts and answers',
  addHeading: 'Add a heading',
  removeHeading: (label: string) => `Remove ${isolated(label)}`,
  remove: 'Remove',
  import: 'Import',
  exportJson: 'Export JSON',
  exportCsv: 'Export CSV',
  clear: 'Clear',
  undo: 'Undo',
  undone: 'The examples are as they were before.',
  cleared: 'Cleared. “Undo” brings the examples back.',
  imported: (file: string, examples: string) =>
    `${isolated(file)}: ${examples}. “Undo” brings back what was here before.`,
  exported: (file: string) => `Saved ${isolated(file)}.`,
  count: (examples: string) => `${examples}, kept in this browser while you type.`,
  countSplit: (examples: string, learnt: string, held: string) =>
    `${examples}: ${learnt} to learn from, ${held} held back to check on. They are kept in this browser while you type.`,
  repeated: (lines: string) => `${lines} repeated: each counts once.`,
  tagsFound: (tags: string) => `Tags: ${tags}.`,
  notKept: 'This browser does not let the page keep your examples. Export them before you close it.',

  troubles: {
    no_label: 'Give this heading a name.',
    no_examples: 'Type examples here, or start from a table above.',
    one_heading: 'Two headings are needed: type examples of something else here, with a name above them.',
    one_tag: 'All words have the same tag. Put a tag behind some of them, such as Rome/PLACE.',
    same_label: (label: string) => `Another heading is called ${isolated(label)}, too. Name one of them otherwise.`,
    too_few: (found: string, needed: string) => `There are ${found} examples here. At least ${needed} are needed.`,
    parts: (line: string, found: string, needed: string) =>
      `Line ${line} has ${found} parts and needs ${needed}, with | between them.`,
    empty_part: (line: string) => `A part of line ${line} is empty.`,
    not_in_text: (line: string, answer: string) => `Line ${line}: the text does not have “${isolated(answer)}” in it.`,
  },
  imports: {
    no_json: 'This file is no JSON that can be read. It may have been cut off.',
    no_format: 'The examples in this file have neither text, words nor question, so they are none of the four kinds.',
    no_examples: 'There are no examples in this file.',
    no_columns:
      'The first row of a CSV file names its columns: text, label; or text, pair, label; or words, labels; or question, context, answer.',
  },

  model: '2. Model',
  models: {
    bertAbout: 'BERT reads in both directions: its vector of [CLS] stands for the text.',
    gptAbout:
      'GPT reads from left to right, so that only its last token has seen all of the text: the class is read off there.',
    elmoAbout:
      'ELMo stays as it is. What learns is how its layers are mixed, s and γ, and a small layer on top of the mix.',
    onlyTags: 'ELMo’s vectors are of single words: choose “A tag for each word”, or another model.',
    onlyBert:
      'A tag for each word and answers in a text are BERT’s formats: a GPT’s words have not seen what follows them.',
  },
  layers: {
    label: 'Upper layers that learn',
    about: (layers: string) =>
      `Of ${layers}. With 0 only the new layer on top learns, with all of them the embeddings learn, too. What does not learn is computed once for each example and kept, so that few layers are fast.`,
  },
  lambda: {
    label: 'λ, weight of the auxiliary loss',
    about: 'GPT goes on predicting the next word of the examples meanwhile. 0 turns that off.',
    help: {
      term: 'the auxiliary loss',
      text: 'The loss of a step is that of the task plus λ times that of the language model on the same texts. The paper took λ = 0.5, so that the model would not forget how to read and would learn the task faster. It found that this helps on large data sets, and not on small ones.',
    },
  },
  compare: {
    label: 'Train it without λ as well, and show both curves',
    about: 'Same examples, same order, λ = 0. It takes twice as long.',
  },
  settings: {
    summary: (epochs: string, rate: string) => `${epochs}, learning rate ${rate}`,
    epochs: { label: 'Epochs', about: 'How often each example is seen.' },
    batch_size: { label: 'Batch', about: 'Examples for each step.' },
    learning_rate: {
      label: 'Learning rate',
      about:
        'How far a step goes, at the most: it rises for the first tenth of the steps and falls to zero after that.',
    },
    held_out: {
      label: 'Held back, in %',
      about: 'Of the examples; the model is checked on them and learns nothing from them.',
    },
    seed: { label: 'Seed', about: 'The same examples, settings and seed give the same model.' },
  },
  start: 'Start',
  again: 'Start again',
  stop: 'Stop',
  goOn: 'Go on',
  doing: {
    opening: 'Opening the model.',
    reading: 'Reading the examples.',
    learning: 'Learning.',
    fetching: (amount: string) => `Fetching the model: ${amount}.`,
    preparing: (done: string, total: string) => `Read ${done} of ${total} examples with the layers that do not learn.`,
    running: (step: string, steps: string) => `Step ${step} of ${steps}.`,
    runningWithout: (step: string, steps: string) => `Now without the auxiliary loss: step ${step} of ${steps}.`,
    paused: (step: string, steps: string) =>
      `Stopped after step ${step} of ${steps}. What it has learnt is still here.`,
    stopped: 'Stopped.',
    over: (examples: string, time: string) => `Learnt from ${examples} in ${time}.`,
  },
  progress: 'How far it is',

  result: '3. What it learnt',
  empty: [
    'How well it does on the examples held back will stand here, with the ones it got wrong.',
    'Type examples under two headings, or start from a table, and press Start.',
  ],
  facts: {
    weights: 'Weights that learn',
    weightsOf: (trained: string, all: string) => `${trained} of ${all}`,
    time: 'Time',
    split: 'Examples',
    splitOf: (learnt: string, held: string) => `${learnt} learnt from, ${held} held back`,
  },
  loss: {
    title: 'Loss of the task, for each step',
    languageTitle: 'Loss of the language model, for each step',
    caption: 'as a table',
    x: 'step',
    y: 'loss (nats)',
    task: 'learnt from',
    taskWith: (lambda: string) => `λ = ${lambda}, learnt from`,
    heldOut: 'held back',
    heldOutWith: (lambda: string) => `λ = ${lambda}, held back`,
    language: 'next word',
  },
  accuracy: (share: string, right: string, of: string) => `${share} right on examples it never saw: ${right} of ${of}.`,
  accuracySpan: (exact: string, f1: string, of: string) =>
    `On ${of} it never saw: ${exact} of the answers right to the letter; by their words, ${f1} (F1).`,
  accuracyWords: (share: string, of: string) => `${share} of the words right, in ${of} it never saw.`,
  cut: (examples: string) => `Longer than the model reads at once, so that the end is not read: ${examples}.`,
  noneHeld: 'No examples are held back, so that nobody knows how well it does.',
  guessing: (share: string) => `Whoever always said the commonest class would get ${share}.`,
  comparison: {
    caption: 'With and without the auxiliary loss',
    lambda: 'λ',
    accuracy: 'Right on those held back',
    loss: 'Loss on those held back',
    last: 'Loss of the last step',
    about: (examples: string) =>
      `With ${examples} held back, a difference of one or two answers is chance. The paper found that λ helps on large data sets and not on small ones.`,
  },
  confusion: {
    caption: 'What it took for what, among those held back',
    corner: 'It is',
    taken: 'Taken for',
    cell: (count: string, is: string, taken: string) => `${count}: ${is} taken for ${taken}`,
    about: 'Rows are what an example is, columns what it was taken for: the diagonal is right.',
  },
  wrong: {
    caption: (count: string) => `Wrong ones (${count})`,
    none: 'None of those held back is wrong.',
    text: 'Example',
    is: 'It is',
    taken: 'Taken for',
    score: 'How sure',
    more: (count: string) => `And ${count} more.`,
  },
  attempt: {
    heading: 'Try it',
    sentence: { label: 'Your text', placeholder: 'Type something that is not among the examples' },
    pair: { label: 'Your pair', placeholder: 'first text | second text' },
    tagging: { label: 'Your sentence', placeholder: 'Words without tags' },
    span: { label: 'Your question', placeholder: 'question | text' },
    answer: 'Answer',
    noAnswer: 'It finds no answer in this text.',
    parts: { pair: 'Type two texts, with | between them.', span: 'Type a question, then |, then the text.' },
    classes: 'Classes',
    class: 'Class',
    word: 'Word',
    tag: 'Tag',
  },
  elmo: {
    heading: 'How the layers are mixed',
    about:
      'A word’s vector for this task is γ times the sum of its vectors in each layer, weighted by s. Equal weights are where it began.',
    layer: 'Layer',
    layers: (layer: number) => (layer === 0 ? 'Embeddings, which know no context' : `LSTM layer ${layer}`),
    weight: 'Weight s',
    gamma: (value: string) => `γ = ${value}`,
    contexts: 'The same word in two contexts',
    contextsAbout:
      'The embedding of a word is always the same; the mix of layers is not. Type a word and sentences that have it.',
    word: 'Word',
    texts: 'Sentences, one a line',
    show: 'Show its vectors',
    wordStart: 'bank',
    textsStart: ['We sat on the bank of the river.', 'He took his money to the bank.'],
    similarity: (a: string, b: string, cosine: string) => `${a} and ${b}: cosine ${cosine}`,
    occurrence: (text: string, word: string) => `${word} in sentence ${text}`,
    picture: (word: string) => `The vectors of ${isolated(word)} in the plane in which they differ most`,
    pairs: 'How alike the vectors are',
  },
  defaultName: 'my-classifier',
};
