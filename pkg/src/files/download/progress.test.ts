import { describe, expect, test } from 'vitest';
import { Progress, type ProgressReport } from './progress.js';

/** Feeds chunks of the given bytes at the given times (ms). */
function run(total: number | undefined, marks: [time: number, bytes: number][]): ProgressReport[] {
  const reports: ProgressReport[] = [];
  let time = 0;
  const progress = new Progress(total, () => time);
  for (const [at, bytes] of marks) {
    time = at;
    progress.add(bytes, (report) => reports.push(report));
  }
  return reports;
}

describe('Progress', () => {
  test('tells the first chunk, then at most ten times a second, and always the last', () => {
    const reports = run(500, [
      [0, 100],
      [10, 100],
      [20, 100],
      [150, 100],
      [160, 100],
    ]);
    expect(reports.map(({ loaded }) => loaded)).toEqual([100, 400, 500]);
  });

  test('says nothing of a rate before there is one', () => {
    expect(run(1000, [[0, 100]])[0]).toEqual({ loaded: 100, total: 1000 });
  });

  test('gives the rate over the last two seconds', () => {
    // 1000 bytes a second at first, then 100.
    const marks: [number, number][] = Array.from({ length: 61 }, (_, index) => [index * 100, index <= 30 ? 100 : 10]);
    const reports = run(undefined, marks);
    expect(reports[20]?.rate).toBeCloseTo(1000, 0);
    expect(reports[60]?.rate).toBeCloseTo(100, 0);
  });

  test('leaves the total out where it is not known', () => {
    expect(run(undefined, [[0, 5]])[0]).not.toHaveProperty('total');
  });
});
