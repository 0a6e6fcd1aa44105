/** The view From scratch: the text, the model, its settings, and the runs. What is said of a run as it learns is in `run.ts`. */
import { isolated } from '../../mixed.js';

/** The view From scratch in English. */
export const scratch = {
  label: 'From scratch',
  about:
    'A new model knows nothing: its weights are drawn at random. It learns from the text that you give it, and from nothing else: first how often each token comes, then which follow each other, then words and phrases.',

  fetching: 'Fetching what trains: the program is fetched when this screen is first opened.',
  notReady: 'What trains could not be fetched',
  retry: 'Try again',
  ignored: (keys: readonly string[]) =>
    `The link names what cannot be set here, which was left out: ${keys.map((key) => `“${isolated(key)}”`).join(', ')}.`,

  text: {
    label: 'Text',
    placeholder: 'Paste a text of some pages here, drop a file on the page, or take one of those above.',
    about: 'A tenth of it is held back: the model never learns from that part and is measured on it.',
    own: 'Take',
    file: 'Open a file',
    fetching: (title: string) => `Fetching “${title}”.`,
    taken: (title: string, length: string) => `“${title}” is here: ${length}.`,
    opened: (name: string, length: string) => `“${isolated(name)}” is here: ${length}.`,
    notText: (name: string) => `“${isolated(name)}” is no text: choose a file of plain text (.txt, .md).`,
    length: (characters: string, size: string) => `${characters}, ${size}.`,
    begin: 'It begins',
    none: 'Paste a text, or take one of those above.',
    replace: 'Another text',
    yours: 'own text',
    takeLinked: (title: string, kilobytes: string) => `Take the text of the link: “${title}” (${kilobytes}\u00a0kB)`,
  },

  model: {
    label: 'Model',
    names: { gpt: 'GPT', bert: 'BERT', elmo: 'ELMo', xlnet: 'XLNet' },
    predicts: {
      gpt: 'predicts the next token from those before it. It writes.',
      bert: 'predicts masked tokens from both sides, and whether one sentence follows another.',
      elmo: 'is two LSTMs: one predicts the next token, the other the one before.',
      xlnet: 'predicts tokens in an order drawn anew each time, each from those drawn before it.',
    },
  },
  size: {
    label: 'Size',
    names: { small: 'Small', medium: 'Medium', large: 'Large' },
    suits: { small: 'for a phone', medium: 'for some minutes', large: 'for a computer and patience' },
    weights: (figure: string) => `${figure} weights`,
    memory: (figure: string) => `about ${figure} of memory`,
    seconds: (figure: string) => `about ${figure} for 100 steps`,
    unmeasured: 'seconds for 100 steps: known after the first steps',
    counting: 'being counted',
  },
  bert: {
    label: 'What BERT learns',
    mlm: { label: 'Masked words (MLM)', about: '15 % of the tokens are to be guessed.' },
    nsp: {
      label: 'Next sentence (NSP)',
      about: 'Half of the pairs follow each other in the text; the other half do not.',
    },
    always_mask: {
      label: 'Always [MASK]',
      about: 'Else 80 % become [MASK], 10 % a random token, and 10 % stay as they are.',
    },
  },

  settings: 'Settings',
  settingsNow: (changes: number) => (changes === 0 ? 'as the size has them' : `${changes} changed`),
  numbers: {
    steps: { label: 'Steps', about: 'How often the weights are changed.' },
    learning_rate: { label: 'Learning rate', about: 'The highest: how far a step goes. Too high, and the loss jumps.' },
    batch_size: { label: 'Batch', about: 'Pieces of text a step learns from.' },
    context: { label: 'Context', about: 'Tokens of a piece: what the model sees at once.' },
    dropout: { label: 'Dropout', about: 'Share of the values left out at random, against learning by heart.' },
    seed: { label: 'Seed', about: 'The same seed, text and settings give the same run to the last bit.' },
    warmup: { label: 'Warm-up', about: 'Steps in which the learning rate rises.' },
    decay_share: { label: 'Decay', about: 'The last share of the steps, in which the learning rate falls to 0.' },
    weight_decay: { label: 'Weight decay', about: 'How much each step draws the weights to 0.' },
    clip: { label: 'Clip', about: 'Longer gradients are shortened to this. 0: never.' },
    vocab_size: { label: 'Vocabulary', about: 'Tokens at most; they are learnt from the text.' },
    hidden_size: { label: 'Width', about: 'Numbers that stand for a token.' },
    num_layers: { label: 'Layers', about: 'Blocks, one behind the other.' },
    num_heads: { label: 'Heads', about: 'Of the attention in each layer; they divide the width.' },
    mlm_probability: { label: 'Masked share', about: 'Of the tokens that are to be guessed (MLM).' },
  },
  optimizer: {
    label: 'Optimizer',
    about: 'Muon takes the matrices of the layers, AdamW the rest.',
    names: { adamw: 'AdamW', muon: 'Muon' },
  },
  tokenizer: {
    label: 'Tokenizer',
    about: 'How the text is cut. It is learnt from the text first.',
    names: {
      'word-piece': 'WordPiece',
      'byte-bpe': 'Byte-level BPE',
      characters: 'Characters',
    },
  },
  name: { label: 'Name of the run', about: 'In the plot and in the list of runs.' },
  reset: 'Settings of the size',

  left: {
    label: 'When you leave this tab',
    go_on: 'the run goes on',
    pause: 'the run pauses, and goes on when you are back',
  },
  heat: 'Training keeps the processor busy: the device grows warm, and a battery is drained much faster than by reading.',
  battery: (percent: string) => `Now on battery, ${percent} full.`,
  plugged: 'Now on mains.',
  start: 'Start',
  starting: 'Learning a vocabulary from the text, and drawing the weights.',
  linkRun: 'Link to this setting',
  /** A link to settings was copied. */
  linkContent: 'Whoever opens it has the same settings and the same seed. The text is not in it.',
  linkNamesText: (title: string) => `It names the text “${title}”, which the page has.`,

  /** How a run is called: model, size, what differs from the size's settings, and the text. */
  runName: (model: string, size: string, text: string, differences: readonly string[]) =>
    [`${model} ${size.toLocaleLowerCase('en')}`, ...differences, text].join(', '),
  differs: (name: string, value: string) => `${name.toLocaleLowerCase('en')} ${value}`,
  without: (name: string) => `no ${name}`,

  kept: {
    title: 'Runs',
    about: 'Runs are kept in this browser every few seconds: after a closed or killed tab they go on from there.',
    none: 'No run is kept yet.',
    unfinished: (name: string, steps: string, of: string) => `“${isolated(name)}” rests at step ${steps} of ${of}.`,
    columns: {
      shown: 'In the plot',
      name: 'Run',
      steps: 'Steps',
      loss: 'Held-out loss',
      bits: 'Bits a byte',
      weights: 'Weights',
      size: 'Kept',
      actions: 'What to do',
    },
    showNamed: (name: string) => `Show ${name} in the plot`,
    now: 'open',
    otherTab: 'open in another tab',
    notKept: 'not kept',
    stepsOf: (steps: string, of: string) => `${steps} of ${of} steps`,
    goOn: 'Go on',
    look: 'Look at it',
    link: 'Link',
    folder: 'Download',
    remove: 'Remove',
    /** The buttons of a row, for screen readers. */
    of: (what: string, name: string) => `${what}: ${name}`,
    removed: (name: string) => `“${isolated(name)}” was removed.`,
    sure: (name: string) => `Remove “${isolated(name)}” for good?`,
    yes: 'Yes, remove',
    no: 'No, keep',
    opening: (name: string) => `Opening “${isolated(name)}”.`,
    opened: (name: string, step: string) => `“${isolated(name)}” is here, at step ${step}. Press Resume to go on.`,
    packing: (name: string) => `Packing the folder of “${isolated(name)}”.`,
    packed: (file: string) =>
      `Saved as ${isolated(file)}: config.json, tokenizer.json and model.safetensors, for Cloze and for Python’s transformers.`,
  },
};
