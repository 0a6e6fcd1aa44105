/** A GGUF file whose 4-bit tensors are written in 8 bits: the same numbers, rounded a little, in twice the bytes. */
import { readFileSync, writeFileSync } from 'node:fs';

const F32 = 0;
const Q4_1 = 3;
const Q8_0 = 8;
/** Numbers of a block of each. */
const BLOCK = 32;
const Q4_1_BYTES = 20;
const Q8_0_BYTES = 34;
/** Bytes of each plain type of a metadata value, by its number. @type {Record<number, number>} */
const PLAIN = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const [STRING, ARRAY] = [8, 9];
const ALIGNMENT = 32;

/** @param {number} bits of a float of 16 */
function fromHalf(bits) {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits >> 15 ? -size : size;
}

/** The bits of a positive number of ordinary size as a float of 16. @param {number} x */
function toHalf(x) {
  if (x === 0) return 0;
  const exponent = Math.max(-14, Math.floor(Math.log2(x)));
  // A fraction that is rounded up to 1 carries into the exponent.
  const fraction = Math.round((x / 2 ** exponent) * 1024);
  return exponent === -14 ? fraction : ((exponent + 15) << 10) + fraction - 1024;
}

/** @param {Buffer} from a block of Q4_1 @param {Buffer} to one of Q8_0 */
function requantize(from, to) {
  const [step, least] = [fromHalf(from.readUInt16LE(0)), fromHalf(from.readUInt16LE(2))];
  const values = Array.from({ length: BLOCK }, (_, i) => {
    const byte = from[4 + (i % 16)] ?? 0;
    return (i < 16 ? byte & 15 : byte >> 4) * step + least;
  });
  const half = toHalf(Math.max(...values.map(Math.abs)) / 127);
  const scale = fromHalf(half);
  to.writeUInt16LE(half, 0);
  values.forEach((value, i) =>
    to.writeInt8(scale === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(value / scale))), 2 + i),
  );
}

/** Reads numbers and texts one after the other. */
class Reader {
  at = 0;
  /** @param {Buffer} bytes */
  constructor(bytes) {
    this.bytes = bytes;
  }
  u32() {
    return this.bytes.readUInt32LE((this.at += 4) - 4);
  }
  u64() {
    return Number(this.bytes.readBigUInt64LE((this.at += 8) - 8));
  }
  /** @returns {string} */
  text() {
    const length = this.u64();
    return this.bytes.toString('utf8', this.at, (this.at += length));
  }
  /** Passes over a value. @param {number} type */
  skip(type) {
    if (type === STRING) this.text();
    else if (type === ARRAY) {
      const [of, count] = [this.u32(), this.u64()];
      for (let i = 0; i < count; i++) this.skip(of);
    } else this.at += PLAIN[type] ?? 0;
  }
}

const padded = (/** @type {number} */ bytes) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** @param {string} file in Q4_1, Q8_0 and F32 @param {string} out */
export function inEightBits(file, out) {
  const bytes = readFileSync(file);
  const reader = new Reader(bytes);
  reader.at = 8;
  const [tensors, fields] = [reader.u64(), reader.u64()];
  for (let i = 0; i < fields; i++) {
    reader.text();
    reader.skip(reader.u32());
  }
  const head = bytes.subarray(0, reader.at);
  const infos = Array.from({ length: tensors }, () => {
    const start = reader.at;
    reader.text();
    const dimensions = Array.from({ length: reader.u32() }, () => reader.u64());
    const info = bytes.subarray(start, reader.at);
    return { info, count: dimensions.reduce((a, b) => a * b), type: reader.u32(), offset: reader.u64() };
  });
  const data = padded(reader.at);
  /** @type {Buffer[]} */
  const directory = [];
  /** @type {Buffer[]} */
  const contents = [];
  let offset = 0;
  for (const { info, count, type, offset: from } of infos) {
    if (![F32, Q4_1, Q8_0].includes(type)) throw new Error(`${file}: a tensor of type ${type}`);
    const blocks = count / BLOCK;
    const length = type === F32 ? count * 4 : blocks * Q8_0_BYTES;
    const content = Buffer.alloc(padded(length));
    const tensor = bytes.subarray(data + from);
    if (type !== Q4_1) tensor.copy(content, 0, 0, length);
    else
      for (let i = 0; i < blocks; i++)
        requantize(
          tensor.subarray(i * Q4_1_BYTES, (i + 1) * Q4_1_BYTES),
          content.subarray(i * Q8_0_BYTES, (i + 1) * Q8_0_BYTES),
        );
    const place = Buffer.alloc(12);
    place.writeUInt32LE(type === F32 ? F32 : Q8_0, 0);
    place.writeBigUInt64LE(BigInt(offset), 4);
    directory.push(info, place);
    contents.push(content);
    offset += content.length;
  }
  const before = Buffer.concat([head, ...directory]);
  writeFileSync(out, Buffer.concat([before, Buffer.alloc(padded(before.length) - before.length), ...contents]));
}
