/** The view Attention. */
import { isolated, type Mixed } from '../../mixed.js';

/** The view Attention in English. */
export const attention = {
  label: 'Attention',
  about:
    'To renew its vector, each token takes a weighted mean of what all tokens offer. The weights are its attention; they add up to 100 %. Each head of each layer has weights of its own.',
  help: {
    term: 'attention',
    text: 'A head compares a question of the token that looks with a key of each token that it may look at; the softmax of these products is the attention. BERT looks both ways, GPT-2 only back: its matrix is a triangle. Look for heads that look at the token before, at the same word, or at the noun that a pronoun stands for. Many heads rest on [SEP] when they have nothing to do. A high weight says where a vector comes from, not why the model answers as it does. Rollout multiplies the layers (half attention, half the vector itself; Abnar and Zuidema, 2020).',
  },
  examples: { it: 'What is “it”?', tired: 'Too tired, too wide', both: 'BERT beside GPT-2', pair: 'Two sentences' },
  empty: [
    'What each word takes from the others will stand here, for every head of every layer.',
    'Choose an example, or type a text and press Look inside.',
  ],

  beside: { legend: 'Beside it', nothing: 'Nothing', text: 'Another text', model: 'Another model' },
  text2: 'Other text',
  model2: 'Other model',
  as: { legend: 'Drawn as', arcs: 'Arcs', matrix: 'Matrix' },
  mix: { label: 'Of', head: 'One head', mean: 'All heads (mean)', rollout: 'All layers so far (rollout)' },
  layer: 'Layer',
  head: 'Head',
  threshold: (percent: number) => `Draw from ${percent} %`,
  percent: (percent: number) => `${percent} percent`,
  specials: 'Show [CLS], [SEP]',

  layerNumber: (layer: number) => `Layer ${layer}`,
  headNumber: (layer: number, head: number) => `Layer ${layer}, head ${head}`,
  grid: (layers: number, heads: number) =>
    `All heads: a row for each of ${layers} layers, from the first; ${heads} heads in each.`,
  matrix: {
    head: (layer: number, head: number) => `Layer ${layer}, head ${head}`,
    mean: (layer: number, _head: number) => `Layer ${layer}, mean of all heads`,
    rollout: (layer: number, _head: number) => `Rollout through layers 1 to ${layer}`,
  },
  summary: (matrix: string, token: string, target: string, share: string) =>
    `${matrix}: “${isolated(token)}” takes the most from “${isolated(target)}”, ${share}.`,
  looks: 'The token that looks',
  most: (links: number) => `At most ${links.toLocaleString('en')} arcs are drawn, the strongest.`,
  hidden: 'The chosen token is hidden. Choose another one, or show [CLS] and [SEP].',
  pattern: (share: {
    itself: string;
    before: string;
    after?: string | undefined;
    special?: string | undefined;
    distance: string;
  }) =>
    [
      `On the mean of all tokens ${share.itself} goes to the token itself, ${share.before} to the one before it`,
      share.after === undefined ? '' : `, ${share.after} to the one after it`,
      share.special === undefined ? '' : `, ${share.special} to [CLS], [SEP] and the like`,
      `; it looks ${share.distance} tokens far.`,
    ].join(''),
  targets: <T>(token: T): Mixed<T> => ['What ', token, ' takes from'],
  takesFrom: 'Token',
  place: 'Place',
  weight: 'Weight',
  allTargets: (tokens: number) => `The rest of ${tokens} tokens`,
};
