/** Feature extraction: vectors of texts. */
import { invalidOption } from '../../border/errors.js';
import type { Embeddings } from '../../border/core.js';
import type { FeatureExtractionOptions, FeatureTensor, Pooling, TokenFeatures } from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import { given } from '../options.js';
import type { PipelineBase, TaskRunner } from './base.js';
import { oneOf, optionalBoolean, present, requireString } from './options.js';

/**
 * Makes vectors of texts: of each token, or one of the whole text.
 *
 * @example
 * ```ts
 * const extract = await pipeline('feature-extraction', 'sentence-transformers/all-MiniLM-L6-v2');
 * const { dims, data } = await extract(['A cat.', 'A kitten.'], { pooling: 'mean', normalize: true });
 * ```
 */
export interface FeatureExtractionPipeline extends PipelineBase {
  /** Its name. */
  readonly task: 'feature-extraction';
  /** A vector of each text. Rejects with `empty_input`, `input_too_long`. */
  (
    texts: string | readonly string[],
    options: FeatureExtractionOptions & { pooling: Exclude<FeatureExtractionOptions['pooling'], 'none' | undefined> },
  ): Promise<FeatureTensor<number[][]>>;
  /** Vectors of each text's tokens, special tokens included, and the `tokens`; shorter texts end in zeros. */
  (
    texts: string | readonly string[],
    options?: FeatureExtractionOptions & { pooling?: 'none' },
  ): Promise<TokenFeatures>;
  /** Either. */
  (texts: string | readonly string[], options?: FeatureExtractionOptions): Promise<FeatureTensor>;
}

const POOLINGS = ['none', 'mean', 'cls', 'max', 'first_token'] as const;

/** Makes the pipeline. */
export function featureExtraction(runner: TaskRunner): FeatureExtractionPipeline {
  async function call(input: string | readonly string[], asked?: FeatureExtractionOptions): Promise<FeatureTensor> {
    const { signal, replace, pooling, normalize } = given('feature-extraction', asked);
    const how = oneOf('pooling', pooling, POOLINGS);
    const options = present({
      // transformers.js has two names for it.
      pooling: how === 'first_token' ? 'cls' : (how as Pooling | undefined),
      normalize: optionalBoolean('normalize', normalize),
    });
    const texts = (Array.isArray(input) ? input : [input]).map((text) => requireString('text', text));
    if (texts.length === 0) throw invalidOption('text', optionErrors.noTexts);
    const parts: Embeddings[] = [];
    const tokens = await runner.call(
      'embed',
      { texts, options },
      present({ signal, replace }),
      (part) => void parts.push(part),
    );
    return tokens ? { ...stacked(parts), tokens } : joined(parts);
  }

  return runner.pipeline('feature-extraction', call as FeatureExtractionPipeline, {});
}

/** One vector a text, one below the other. */
function joined(parts: readonly Embeddings[]): FeatureTensor<number[][]> {
  const width = parts[0]!.dims.at(-1)!;
  const rows = parts.reduce((sum, { dims }) => sum + dims[0]!, 0);
  const data = new Float32Array(rows * width);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return tensor(data, [rows, width]) as FeatureTensor<number[][]>;
}

/** The tokens' vectors of each text, all as long as the longest text. */
function stacked(parts: readonly Embeddings[]): FeatureTensor<number[][][]> {
  const width = parts[0]!.dims.at(-1)!;
  const longest = Math.max(...parts.map(({ dims }) => dims[1]!));
  const data = new Float32Array(parts.length * longest * width);
  for (const [index, part] of parts.entries()) data.set(part.data, index * longest * width);
  return tensor(data, [parts.length, longest, width]) as FeatureTensor<number[][][]>;
}

/** What a `Tensor` of transformers.js has that is read. */
const tensor = (data: Float32Array, dims: number[]): FeatureTensor => ({
  type: 'float32',
  dims,
  data,
  size: data.length,
  tolist: () => nested(data, dims) as number[][],
});

function nested(data: Float32Array, [length, ...inner]: readonly number[]): unknown[] {
  if (inner.length === 0) return [...data];
  const step = data.length / length!;
  return Array.from({ length: length! }, (_, index) => nested(data.subarray(index * step, (index + 1) * step), inner));
}
