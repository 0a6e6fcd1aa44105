/** Vectors in the plane in which they differ most: the two first principal components. */

/** A point of the plane. */
export type PlanePoint = readonly [number, number];

function dot(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

/** How alike two vectors point: 1 for the same direction. */
export const cosine = (a: Float32Array, b: Float32Array): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

/** Rounds of the power iteration: enough for a picture. */
const ROUNDS = 60;

/** The plane's coordinates of each vector. The signs are such that the first vector lies to the right and above, where it can. */
export function plane(vectors: readonly Float32Array[]): PlanePoint[] {
  const width = vectors[0]?.length ?? 0;
  const centre = new Float64Array(width);
  for (const vector of vectors) vector.forEach((value, at) => (centre[at]! += value / vectors.length));
  const rest = vectors.map((vector) => Float64Array.from(vector, (value, at) => value - centre[at]!));
  const axes = [0, 1].map(() => {
    const axis = principal(rest, width);
    const along = rest.map((vector) => dot(vector, axis));
    // What lies along the axis is taken away, so that the next one is across it.
    rest.forEach((vector, at) => vector.forEach((_, place) => (vector[place]! -= along[at]! * axis[place]!)));
    const sign = (along[0] ?? 0) < 0 ? -1 : 1;
    return along.map((value) => sign * value);
  });
  return vectors.map((_, at) => [axes[0]![at]!, axes[1]![at]!]);
}

/** The direction of the largest variance, of length 1. */
function principal(vectors: readonly Float64Array[], width: number): Float64Array {
  // Any start that is not across the answer does; the longest vector is not.
  const longest = vectors.reduce(
    (best, one) => (dot(one, one) > dot(best, best) ? one : best),
    new Float64Array(width),
  );
  let axis = Float64Array.from(longest);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(width);
    for (const vector of vectors) {
      const along = dot(vector, axis);
      vector.forEach((value, at) => (next[at]! += along * value));
    }
    const length = Math.sqrt(dot(next, next));
    if (length < 1e-20) break;
    axis = next.map((value) => value / length);
  }
  return axis;
}
