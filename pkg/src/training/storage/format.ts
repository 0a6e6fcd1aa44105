/**
 * A snapshot of something that learns, in one file: a head of 64 bytes, facts as JSON, and the core's checkpoint. Of two
 * files one is written while the other one stays whole, so that a tab may be killed at any time.
 *
 * Head: `clozerun`, version (u32), length of the JSON (u32), of the checkpoint (f64), 8 bytes of zeros, SHA-256 of the JSON;
 * little-endian. The JSON has the checksum of the checkpoint.
 */
import type { ChatPhaseInfo, Evaluation, RunInfo, TuneEvaluation } from '../core-types.js';
import type { LearnerKind, RunPlan, RunSample, StepPoint } from '../types.js';
import { inPieces, PIECE } from './pieces.js';

const MAGIC = new TextEncoder().encode('clozerun');
const VERSION = 1;
/** Bytes of a head. */
export const HEAD = 64;

/** What is known of all that is kept, without its weights. */
interface CommonFacts {
  id: string;
  name: string;
  weights: number;
  created: number;
}

/** Of a run, which can go on. */
export interface RunFacts extends CommonFacts {
  kind: 'run';
  info: RunInfo;
  plan: RunPlan;
  /** Steps done. */
  steps: number;
  last_loss: number | null;
  last_evaluation: number | null;
  /** Of its text, UTF-16 units. */
  text_length: number;
}

/** Of a model that was fine-tuned: its checkpoint is its folder, file behind file. */
export interface ModelFacts extends CommonFacts {
  kind: 'model';
  files: { name: string; size: number }[];
}

/**
 * Of what learns from a model, and can go on. Its checkpoint is empty before the first step, where all follows from the
 * source (`source.ts`).
 */
export interface LearnerFacts extends CommonFacts {
  kind: LearnerKind;
  /** Steps done, of all steps; of chat those of the phase. */
  steps: number;
  total: number;
  /** Steps between two evaluations. */
  evaluate_every: number;
  /** Seconds between two savings. */
  save_every: number;
  metadata: unknown;
}

/** Of any. */
export type Facts = RunFacts | ModelFacts | LearnerFacts;

/** What is written with them. */
interface Written {
  /** Counts the snapshots of a run: the highest one is the newest. */
  sequence: number;
  saved: number;
  /** Bytes of the log that belong to it; what lies behind was lost with its tab. */
  log: number;
  /** SHA-256 of the SHA-256 of each piece of the checkpoint, hexadecimal; of the checkpoint itself without `piece`. */
  sha256: string;
  /** Bytes of a piece. */
  piece?: number;
}

/** All that a snapshot says. */
export type SnapshotFacts = Facts & Written;

/** A line of the log, which has all that a run told. */
export type LogEntry =
  | { step: StepPoint }
  | { evaluation: Evaluation }
  | { sample: RunSample }
  /** Of examples held back. */
  | { tuned: { step: number; evaluation: TuneEvaluation } }
  /** One of ChatGPT's was begun. */
  | { phase: ChatPhaseInfo };

const digest = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

async function checksum(checkpoint: Uint8Array, piece: number | undefined): Promise<string | undefined> {
  if (piece === undefined) return hex(await digest(checkpoint));
  if (piece !== PIECE) return undefined;
  const sums = new Uint8Array(32 * Math.ceil(checkpoint.byteLength / PIECE));
  let at = 0;
  for (const bytes of inPieces(checkpoint)) sums.set(await digest(bytes), 32 * at++);
  return hex(await digest(sums));
}

/** The parts of a snapshot's file, one behind the other. */
export async function snapshotParts(
  facts: Facts & Omit<Written, 'sha256' | 'piece'>,
  checkpoint: Uint8Array,
): Promise<Uint8Array[]> {
  const all: SnapshotFacts = { ...facts, piece: PIECE, sha256: (await checksum(checkpoint, PIECE))! };
  const json = new TextEncoder().encode(JSON.stringify(all));
  const head = new Uint8Array(HEAD);
  const view = new DataView(head.buffer);
  head.set(MAGIC);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, json.byteLength, true);
  view.setFloat64(16, checkpoint.byteLength, true);
  head.set(await digest(json), 32);
  return [head, json, checkpoint];
}

/** A snapshot whose head and length are right. */
export interface Snapshot {
  facts: SnapshotFacts;
  /** Where the checkpoint lies. */
  from: number;
  to: number;
}

/** What a file has; undefined if its writer was killed, or it is none. */
export async function readSnapshot(file: Blob): Promise<Snapshot | undefined> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const view = new DataView(head.buffer);
  if (head.length < HEAD || !MAGIC.every((byte, at) => head[at] === byte) || view.getUint32(8, true) !== VERSION)
    return undefined;
  const from = HEAD + view.getUint32(12, true);
  const to = from + view.getFloat64(16, true);
  if (to !== file.size) return undefined;
  const json = new Uint8Array(await file.slice(HEAD, from).arrayBuffer());
  const sum = await digest(json);
  if (!sum.every((byte, at) => head[32 + at] === byte)) return undefined;
  return { facts: JSON.parse(new TextDecoder().decode(json)) as SnapshotFacts, from, to };
}

/** The checkpoint of a snapshot; undefined if it is not what was written. */
export async function readCheckpoint(file: Blob, { facts, from, to }: Snapshot): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(await file.slice(from, to).arrayBuffer());
  return (await checksum(bytes, facts.piece)) === facts.sha256 ? bytes : undefined;
}

/** Lines of the log. */
export const logLines = (entries: readonly LogEntry[]): Uint8Array =>
  new TextEncoder().encode(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));

/** The entries of a log that are whole lines. */
export function parseLog(text: string): LogEntry[] {
  const lines = text.split('\n');
  // Behind the last line end is nothing, or a line that was being written.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as LogEntry);
}
