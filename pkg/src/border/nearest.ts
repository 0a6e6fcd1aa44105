/** Names that were probably meant. */

/** What others call our options: earlier or other libraries, and habit. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  max_new_tokens: ['maxtokens', 'maxcompletiontokens', 'npredict', 'numpredict', 'length'],
  on_token: ['callback', 'ontext'],
  stop: ['stopstrings', 'stopsequences', 'stoppingcriteria', 'stopwords', 'eos'],
  seed: ['randomstate', 'generator', 'rng'],
  do_sample: ['sample', 'sampling', 'greedy'],
  return_full_text: ['fulltext', 'echo'],
  dtype: ['quantized', 'precision', 'torchdtype', 'quantization'],
  signal: ['abortsignal', 'abortcontroller', 'cancel'],
  progress_callback: ['onprogress', 'progress'],
  token: ['hftoken', 'accesstoken', 'useauthtoken'],
  model_file_name: ['modelfile', 'filename', 'file'],
  text: ['prompt', 'input', 'sentence'],
  prompt: ['text', 'input'],
  document: ['text', 'article', 'input'],
  top_k: ['topk', 'returnallscores'],
  function_to_apply: ['activation', 'postprocessing'],
  aggregation_strategy: ['groupedentities', 'strategy', 'aggregation'],
  pooling: ['poolingmode', 'pool'],
  normalize: ['normalizeembeddings', 'normalise'],
  on_window: ['onprogress'],
};

/** A name without what people get wrong: case, underscores, blanks. */
const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/**
 * Which of `names` is meant by `name`: the same but for case and underscores, what others call so, a part of it, or a few
 * letters away; undefined where none is near.
 */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const asked = plain(name);
  let found: string | undefined;
  let least = Math.max(1, Math.floor(asked.length / 3)) + 1;
  for (const candidate of names) {
    const there = plain(candidate);
    const alias = OTHERWISE[candidate]?.includes(asked) === true;
    const far = alias ? 0 : Math.min(distance(asked, there), isPart(asked, there) ? 1 : Infinity);
    if (far < least) [found, least] = [candidate, far];
  }
  return found;
}

const isPart = (part: string, whole: string): boolean => part.length > 3 && whole.includes(part);

/** Letters to add, take away, change, or swap with their neighbour. */
function distance(a: string, b: string): number {
  let [before, last]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last![j]! + 1, row[j - 1]! + 1, last![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before![j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last!.at(-1)!;
}
