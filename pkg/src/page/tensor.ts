/** Numbers in rows, with the parts of a `Tensor` of transformers.js that say what is in it. */

/** The arrays of each type. */
export interface TensorArrays {
  /** Numbers of 32 bits. */
  float32: Float32Array;
  /** Whole numbers of 64 bits. */
  int64: BigInt64Array;
  /** Whole numbers of 8 bits. */
  int8: Int8Array;
  /** Whole numbers of 8 bits without a sign. */
  uint8: Uint8Array;
}

/** Numbers as one list, row by row. */
export interface Tensor<T extends keyof TensorArrays = keyof TensorArrays, Nested = unknown[]> {
  /** What the numbers are. */
  readonly type: T;
  /** How many rows, and how long they are. */
  readonly dims: readonly number[];
  /** The numbers, row by row. */
  readonly data: TensorArrays[T];
  /** How many numbers there are. */
  readonly size: number;
  /** The numbers in lists. */
  tolist(): Nested;
}

/** Makes one. */
export function tensor<T extends keyof TensorArrays, Nested = unknown[]>(
  type: T,
  data: TensorArrays[T],
  dims: readonly number[],
): Tensor<T, Nested> {
  return { type, dims, data, size: data.length, tolist: () => nested(data, dims) as Nested };
}

function nested(data: TensorArrays[keyof TensorArrays], [length, ...inner]: readonly number[]): unknown[] {
  if (inner.length === 0) return [...data];
  const step = data.length / length!;
  return Array.from({ length: length! }, (_, index) => nested(data.subarray(index * step, (index + 1) * step), inner));
}

/** Whether something is one. */
export const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && 'dims' in value && 'tolist' in value;
