/** A run as it learns: its state and figures, the plot, samples, attention, the batch at hand, the tokenizer. */
import { isolated } from '../../mixed.js';

/** A run in English. */
export const run = {
  results: 'Results',
  empty: [
    'Here the loss will fall: from the level of pure chance below those of tables that only count tokens.',
    'Take a text and press Start. The first point comes within seconds.',
  ],
  states: {
    paused: 'Paused',
    running: 'Learning',
    over: 'All steps are done',
    failed: 'It could not go on',
    closed: 'Closed',
  },
  left: 'Paused while this tab is left',
  pause: 'Pause',
  resume: 'Resume',
  more: 'Go on beyond the last step',
  step: 'One step',
  stop: 'Stop and close',
  stopForGood: 'Close, and lose it',
  progress: (steps: string, of: string) => `Step ${steps} of ${of}`,
  announce: {
    started: (name: string) => `“${isolated(name)}” is learning.`,
    paused: (step: string) => `Paused at step ${step}.`,
    stepped: (step: string, loss: string) => `Step ${step}: loss ${loss}.`,
    stopped: (name: string) => `“${isolated(name)}” is closed, and kept among the runs below.`,
    sure: (name: string) =>
      `“${isolated(name)}” could not be kept: once closed it is lost. Download its folder first, or press again to close it.`,
    lost: (name: string) => `“${isolated(name)}” is closed. It was not kept.`,
    over: (step: string, loss: string) => `All ${step} steps are done. Held-out loss ${loss}.`,
    words: (step: string) => `A new sample, at step ${step}.`,
  },
  unsaved: (why: string) => `The run is not kept, and would be lost with this tab: ${why}`,
  advice: {
    diverged:
      'The loss is no number any more: the learning rate is too high. The run is kept as it was before. Start a new one with a lower learning rate.',
    out_of_memory: 'Choose a smaller size, a smaller batch or a shorter context.',
    in_use: 'Close the other tab, or go on there.',
  },

  open: {
    title: 'Use it',
    'fill-mask': 'Open in Fill mask',
    'next-sentence': 'Open in Next sentence',
    generate: 'Open in Generate',
    inside: 'Open in Inside',
    folder: 'Download the folder',
    noScreen: {
      elmo: 'No other screen runs an ELMo.',
      xlnet: 'No other screen runs an XLNet; Python’s transformers reads its folder.',
    },
  },

  figures: {
    loss: 'Loss, training',
    heldOut: 'Loss, held out',
    bits: 'Bits a byte, held out',
    accuracy: 'First guess right',
    nsp: 'Next sentence right',
    speed: 'Speed',
    rate: 'Learning rate',
    norm: 'Gradient norm',
    left: 'Left',
    under: {
      bigram: 'Under the bigram level: it knows more than which token follows which',
      unigram: 'Under the unigram level: it knows more than how often each token comes',
      uniform: 'Under the uniform level: it knows more than nothing',
      none: 'Not yet better than chance',
    },
  },

  plot: {
    series: 'name',
    label: 'Plot',
    measures: {
      loss: 'Loss',
      bits: 'Bits a byte',
      accuracy: 'First guess right',
      nsp: 'Next sentence right',
      learning_rate: 'Learning rate',
      gradient_norm: 'Gradient norm',
      speed: 'Speed',
    },
    units: {
      loss: 'nats a token',
      bits: 'bits a byte of the text',
      accuracy: 'share of the guesses',
      nsp: 'share of the pairs',
      learning_rate: 'learning rate',
      gradient_norm: 'length of the gradient',
      speed: 'tokens a second',
    },
    step: 'step',
    levels: { uniform: 'uniform', unigram: 'unigram', bigram: 'bigram', chance: 'chance' },
    training: (name: string) => `${name}, training`,
    title: (measure: string, runs: string) => `${measure} over the steps of ${runs}.`,
    now: (measure: string, value: string, step: string) => `${measure} is ${value} at step ${step}`,
    about: {
      levels: (name: string) =>
        `Bold: on the text held back. Faint: on the text it learns from. Dashed across: what the text held back of “${isolated(name)}” costs without a neural network: all tokens equally likely (uniform), by how often each comes (unigram), by the token before as well (bigram).`,
      plain: 'Bold: on the text held back, where it is measured there. Faint: on each step.',
      several: 'Losses a token can only be compared between runs that cut the text alike; bits a byte between any.',
    },
    table: 'The numbers of the plot',
  },

  samples: {
    title: 'Words out of noise',
    about: {
      text: 'What it writes behind the beginning, at chosen steps: side by side, the oldest first.',
      probe: 'What it guesses for each [MASK], at chosen steps: side by side, the oldest first.',
    },
    prompt: 'Beginning',
    probe: 'Sentence with [MASK]',
    when: 'At the steps',
    times: { growing: '1, 10, 30, 100, 300, 1,000 and so on', often: 'every 25', each: 'every 100' },
    now: 'Sample now',
    at: (step: string) => `Step ${step}`,
    none: 'The first one comes after the first step.',
    noMask: 'Put [MASK] where a word is to be guessed.',
    nothing: 'nothing',
    table: 'The samples as a table',
    columns: ['step', 'beginning', 'text'],
  },

  pair: {
    title: 'Does B follow A?',
    about: 'Ask the run while it learns. It was given pairs of the text, half of which follow each other.',
    a: 'Sentence A',
    b: 'Sentence B',
    ask: 'Judge',
    answer: (percent: string, step: string) => `At step ${step}: B follows A with ${percent}.`,
  },

  attention: {
    title: 'Attention as it forms',
    about: 'Each head begins with weights that say nothing, and spreads its attention evenly. Watch where it goes.',
    text: 'Text to look at',
    layer: 'Layer',
    head: 'Head',
    as: 'Drawn as',
    arcs: 'Arcs',
    matrix: 'Matrix',
    token: 'The token that looks',
    when: (step: string) => `As it is at step ${step}`,
    slider: 'Look back',
    drawing: (layer: string, head: string, step: string) =>
      `Attention of head ${head} of layer ${layer} at step ${step}, from each token to those that it takes from.`,
    table: 'The weights as a table',
    columns: ['from', 'to', 'weight'],
    waits: 'Being computed.',
  },

  batch: {
    title: 'The batch at hand',
    about: {
      gpt: 'What the next step learns from: each token is to be predicted from those before it.',
      bert: 'What the next step learns from. The tokens to be guessed are framed: below each stands what was there.',
      elmo: 'What the next step learns from: one model predicts each token from those before it, the other from those behind it.',
      xlnet:
        'What the next step learns from. The number is the token’s place in the drawn order. The last ones, framed, are to be predicted: each from the context, which is all that is not framed, and from the framed ones before it in the order.',
    },
    row: (rows: number) => `Row of ${rows}`,
    kinds: { mask: 'masked', random: 'a random token', keep: 'kept' },
    was: (token: string) => `was ${isolated(token)}`,
    counts: (mask: number, random: number, keep: number) =>
      `${mask} masked, ${random} replaced by a random token, ${keep} kept as they are; all of them are to be guessed.`,
    isNext: 'The second sentence follows the first in the text.',
    notNext: 'The second sentence is from elsewhere in the text.',
    order: (place: number) => `place ${place} of the order`,
    target: 'to be predicted',
    choose: 'The token that is predicted',
    sees: (token: string, count: string) =>
      `“${isolated(token)}” is predicted from ${count}, marked below; it does not see itself.`,
    content: 'Content stream',
    contentAbout:
      'Row: who looks. What is framed above sees itself, the context, and the framed ones before it; the context sees the context.',
    query: 'Query stream',
    queryAbout: 'What predicts: the same without itself, whose token is to be guessed.',
    mask: (which: string) => `${which}: dark where the token of the row sees the token of the column.`,
    table: 'The batch as a table',
    columns: { token: 'token', kind: 'kind', label: 'to be guessed', place: 'place in the order', target: 'predicted' },
  },

  vocabulary: {
    title: 'The tokenizer it learnt',
    about: (size: string) => `A vocabulary of ${size}, learnt from the text before the first step.`,
    first: 'Single letters, signs and special tokens',
    learnt: 'The first that were put together',
    last: 'The last',
    sentence: 'A sentence, cut',
    text: 'Sentence',
    count: (tokens: string, characters: string) => `${tokens} for ${characters}.`,
  },

  dependence: {
    title: 'Do the guesses know of each other?',
    about:
      'XLNet fills masks one after the other in a drawn order: the second guess knows the first. BERT guesses all at once, as if each did not depend on the others.',
    text: 'Sentence with two [MASK]',
    two: 'Put [MASK] twice.',
    beside: 'BERT beside it',
    none: 'Train a BERT on the same text, and it can stand here.',
    choose: 'none',
    mask: (place: number) => `Mask ${place}`,
    order: (first: number) => `XLNet, mask ${first} first`,
    alone: 'knows of no other guess',
    knows: (token: string) => `knows “${isolated(token)}”`,
    caption: (step: string) => `Guesses at step ${step}`,
    waits: 'Being computed.',
  },

  contexts: {
    title: 'One word in two contexts',
    about:
      'ELMo gives a word another vector in each sentence. Both are drawn in the plane in which the tokens of both sentences differ most (PCA).',
    a: 'First sentence',
    b: 'Second sentence',
    word: 'Word in both',
    layer: 'Layer',
    layers: ['Embeddings', 'First LSTM layer', 'Second LSTM layer'],
    missing: (word: string, sentence: string) => `“${isolated(word)}” is no token of “${isolated(sentence)}”.`,
    drawing: (word: string, layer: string, similarity: string) =>
      `The vectors of “${isolated(word)}” in two sentences, ${layer}: their cosine similarity is ${similarity}.`,
    similarity: 'Cosine similarity of the two vectors',
    same: 'In the embeddings the word is one point: they know no context. Higher layers tell the two apart, once the model has learnt.',
    inA: (word: string) => `${isolated(word)} (first)`,
    inB: (word: string) => `${isolated(word)} (second)`,
    table: 'The points as a table',
    columns: ['token', 'sentence', 'x', 'y'],
  },
};
