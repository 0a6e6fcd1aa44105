/** What the browser and the machine can do at most: reading memory, and multiplying 8-bit numbers and floats. */
import binaryen from 'binaryen';

const MIB = 2 ** 20;
/** What is read: much more than any cache holds. */
const READ_BYTES = 256 * MIB;
/** What is multiplied: fits the first-level cache. */
const DOT_BYTES = 16 * 1024;

/** Sixteen vectors in each round, so that loop and additions do not count. */
const READ = Array.from({ length: 16 }, (_, i) => {
  const sum = `$s${i % 4}`;
  return `(local.set ${sum} (v128.xor (local.get ${sum}) (v128.load offset=${16 * i} (local.get $at))))`;
}).join('\n');

/** Two vectors of weights with four of activations, as a matrix kernel holds them in its registers. */
const DOT = Array.from({ length: 2 }, (_, w) =>
  [
    `(local.set $w (v128.load offset=${16 * w} (local.get $at)))`,
    ...Array.from({ length: 4 }, (_, a) => {
      const sum = `$s${4 * w + a}`;
      return `(local.set ${sum} (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get $w) (local.get $a${a}) (local.get ${sum})))`;
    }),
  ].join('\n'),
).join('\n');

/** Twelve sums in registers, as a product of matrices has them: enough that none is waited for. */
const SUMS = 12;
const MADD = Array.from(
  { length: SUMS },
  (_, i) => `(local.set $s${i} (f32x4.relaxed_madd (local.get $a0) (local.get $a1) (local.get $s${i})))`,
).join('\n');

/** Adds up all the sums, so that none can be left out. @param {number} count */
const total = (count) =>
  Array.from({ length: count }, (_, i) => `(local.get $s${i})`).reduce((a, b) => `(v128.xor ${a} ${b})`);

const locals = (/** @type {string} */ name, /** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => `(local $${name}${i} v128)`).join(' ');

const WAT = `(module
  (import "env" "memory" (memory ${READ_BYTES / 65536} ${READ_BYTES / 65536} shared))
  (func (export "read") (param $at i32) (param $bytes i32) (result i32)
    (local $end i32) ${locals('s', 4)}
    (local.set $end (i32.add (local.get $at) (local.get $bytes)))
    (loop $next
      ${READ}
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 256))) (local.get $end))))
    (i32x4.extract_lane 0 ${total(4)}))
  (func (export "dot") (param $from i32) (param $bytes i32) (param $times i32) (result i32)
    (local $at i32) (local $end i32) (local $w v128) ${locals('a', 4)} ${locals('s', 8)}
    (local.set $end (i32.add (local.get $from) (local.get $bytes)))
    ${Array.from({ length: 4 }, (_, i) => `(local.set $a${i} (v128.load offset=${16 * i} (local.get $from)))`).join('\n')}
    (loop $again
      (local.set $at (local.get $from))
      (loop $next
        ${DOT}
        (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 32))) (local.get $end))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (i32x4.extract_lane 0 ${total(8)}))
  (func (export "madd") (param $times i32) (result i32)
    ${locals('a', 2)} ${locals('s', SUMS)}
    (local.set $a0 (f32x4.splat (f32.const 0.5)))
    (local.set $a1 (f32x4.splat (f32.const 0.25)))
    (loop $again
      ${MADD}
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
    (i32x4.extract_lane 0 ${total(SUMS)})))`;

function wasm() {
  const module = binaryen.parseText(WAT);
  module.setFeatures(binaryen.Features.All);
  if (!module.validate()) throw new Error('the module for the ceilings is not valid');
  const bytes = module.emitBinary();
  module.dispose();
  return [...bytes];
}

/** @typedef {{ threads: number, read_gb_s: number[], i8_gmac_s: number[], f32_gflop_s: number[] }} Ceilings */

/**
 * All three, for each number of threads.
 * @param {import('playwright-core').Page} page a page of ceilings.html
 * @param {number[]} threads
 * @param {number} repetitions
 * @returns {Promise<Ceilings[]>}
 */
export function measureCeilings(page, threads, repetitions) {
  const maddFlops = SUMS * 4 * 2;
  const job = { bytes: wasm(), readBytes: READ_BYTES, dotBytes: DOT_BYTES, maddFlops, threads, repetitions };
  return page.evaluate((j) => /** @type {any} */ (window).ceilings(j), job);
}
