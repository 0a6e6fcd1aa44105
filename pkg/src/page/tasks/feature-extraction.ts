/** Feature extraction: vectors of texts. */
import { invalidOption } from '../../border/errors.js';
import type { Embeddings } from '../../border/core.js';
import type { FeatureExtractionOptions, FeatureTensor, Pooling, TokenFeatures } from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import { given } from '../options.js';
import { tensor, type Tensor } from '../tensor.js';
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
  /** The signs of the vectors, eight to a byte. Rejects with `invalid_option` without a pooling. */
  (
    texts: string | readonly string[],
    options: FeatureExtractionOptions & { quantize: true },
  ): Promise<Tensor<'int8' | 'uint8', number[][]>>;
  /** Either. */
  (texts: string | readonly string[], options?: FeatureExtractionOptions): Promise<FeatureTensor>;
}

const POOLINGS = ['none', 'mean', 'cls', 'max', 'first_token', 'last_token', 'eos'] as const;
const PRECISIONS = ['binary', 'ubinary'] as const;

/** Makes the pipeline. */
export function featureExtraction(runner: TaskRunner): FeatureExtractionPipeline {
  async function call(
    input: string | readonly string[],
    asked?: FeatureExtractionOptions,
  ): Promise<FeatureTensor | Tensor<'int8' | 'uint8', number[][]>> {
    const { quantize = false, precision, ...others } = given('feature-extraction', asked);
    const signs = oneOf('precision', precision, PRECISIONS);
    if (signs !== undefined && !quantize) throw invalidOption('precision', optionErrors.withoutQuantize);
    const vectors = await features(input, others);
    return quantize ? signsOf(vectors, signs ?? 'binary') : vectors;
  }

  async function features(input: string | readonly string[], asked: FeatureExtractionOptions): Promise<FeatureTensor> {
    const { signal, replace, pooling, normalize } = asked;
    const how = oneOf('pooling', pooling, POOLINGS);
    const isLast = how === 'last_token' || how === 'eos';
    const unit = optionalBoolean('normalize', normalize) ?? false;
    const options = {
      // transformers.js has two names for it.
      pooling: how === 'first_token' ? 'cls' : isLast ? 'none' : ((how ?? 'none') satisfies Pooling),
      normalize: unit && !isLast,
    } as const;
    const texts = (Array.isArray(input) ? input : [input]).map((text) => requireString('text', text));
    if (texts.length === 0) throw invalidOption('text', optionErrors.noTexts);
    const parts: Embeddings[] = [];
    const tokens = await runner.call(
      'embed',
      { texts, options },
      present({ signal, replace }),
      (part) => void parts.push(part),
    );
    if (!tokens) return joined(parts);
    if (!isLast) return { ...stacked(parts), tokens };
    return lastOf(
      stacked(parts),
      parts.map(({ dims }) => dims[1]!),
      unit,
    );
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
  return tensor('float32', data, [rows, width]);
}

/** The tokens' vectors of each text, all as long as the longest text. */
function stacked(parts: readonly Embeddings[]): FeatureTensor<number[][][]> {
  const width = parts[0]!.dims.at(-1)!;
  const longest = Math.max(...parts.map(({ dims }) => dims[1]!));
  const data = new Float32Array(parts.length * longest * width);
  for (const [index, part] of parts.entries()) data.set(part.data, index * longest * width);
  return tensor('float32', data, [parts.length, longest, width]);
}

/** The last vector of each text, for which `length` gives how many it has. */
function lastOf(
  rows: FeatureTensor<number[][][]>,
  lengths: readonly number[],
  unit: boolean,
): FeatureTensor<number[][]> {
  const [texts, longest, width] = rows.dims as [number, number, number];
  const data = new Float32Array(texts * width);
  for (const [text, length] of lengths.entries()) {
    const from = (text * longest + length - 1) * width;
    const vector = rows.data.subarray(from, from + width);
    const norm = unit ? Math.max(Math.hypot(...vector), 1e-12) : 1;
    data.set(
      vector.map((value) => value / norm),
      text * width,
    );
  }
  return tensor('float32', data, [texts, width]);
}

/** The signs of vectors, eight to a byte. */
function signsOf({ data, dims }: FeatureTensor, precision: 'binary' | 'ubinary'): Tensor<'int8' | 'uint8', number[][]> {
  const [texts, width] = dims as [number, number];
  if (dims.length !== 2) throw invalidOption('quantize', optionErrors.quantizePooled);
  if (width % 8 !== 0) throw invalidOption('quantize', optionErrors.quantizeWidth(width));
  const bytes = new Uint8Array(data.length / 8);
  for (const [index, value] of data.entries()) if (value > 0) bytes[index >> 3]! |= 0x80 >> (index & 7);
  const shape = [texts, width / 8];
  if (precision === 'ubinary') return tensor('uint8', bytes, shape);
  return tensor(
    'int8',
    Int8Array.from(bytes, (byte) => byte - 128),
    shape,
  );
}
