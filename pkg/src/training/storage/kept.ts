/** Reading what is kept: from pages, and from workers before they go on with it. */
import { ClozeError } from '../../border/errors.js';
import { lockName, tryLockFile } from '../../files/storage/lock.js';
import { trainingErrors as say } from '../../words/training/index.js';
import type { RunHistory, Saved, SavedLearner, SavedModel, SavedRun } from '../types.js';
import { announceRuns } from './changes.js';
import { parseLog, readCheckpoint, readSnapshot, type LogEntry, type Snapshot, type SnapshotFacts } from './format.js';
import { RUN_FILES, type RunStore } from './run-store.js';

/** Which of the two files of snapshots. */
export type Slot = 'a' | 'b';

interface Found {
  slot: Slot;
  file: Blob;
  snapshot: Snapshot;
}

/** The lock of a run: whoever has it open holds it. */
export const keyOf = (id: string): string => `run ${id}`;

/** The whole snapshots of a run, the newest first. */
async function snapshots(store: RunStore, id: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const slot of ['a', 'b'] as const) {
    const file = await store.file(id, slot);
    // One that its run is writing just now cannot be read; the other one can.
    const snapshot = file && (await readSnapshot(file).catch(() => undefined));
    if (snapshot) found.push({ slot, file, snapshot });
  }
  return found.sort((a, b) => b.snapshot.facts.sequence - a.snapshot.facts.sequence);
}

/** For a run that is not there, or of which nothing is whole. */
export const notFound = (id: string): ClozeError => new ClozeError('not_found', say.notFound, { id });

async function newest(store: RunStore, id: string): Promise<Found> {
  // Between two reads the run may have gone from one file to the other.
  for (let tries = 0; tries < 3; tries++) {
    const [first] = await snapshots(store, id);
    if (first) return first;
  }
  throw notFound(id);
}

/** A run to go on with. */
export interface KeptRun {
  facts: SnapshotFacts;
  checkpoint: Uint8Array;
  /** What it is made from: a run's text, or what `source.ts` packed. */
  source: Blob;
  log: LogEntry[];
  slot: Slot;
}

/**
 * All of a run, as it was last kept whole.
 *
 * @throws ClozeError `not_found`, `invalid_checkpoint`
 */
export async function readRun(store: RunStore, id: string): Promise<KeptRun> {
  const all = await snapshots(store, id);
  if (all.length === 0) throw notFound(id);
  const source = await sourceOf(store, id);
  for (const { slot, file, snapshot } of all) {
    const checkpoint = await readCheckpoint(file, snapshot);
    if (!checkpoint) continue;
    const { facts } = snapshot;
    return { facts, checkpoint, source, log: await logOf(store, id, facts.log), slot };
  }
  throw new ClozeError('invalid_checkpoint', say.damaged, { id });
}

/** The text of a run. */
export const textOf = async (store: RunStore, id: string): Promise<string> => (await sourceOf(store, id)).text();

async function sourceOf(store: RunStore, id: string): Promise<Blob> {
  const source = await store.file(id, 'text');
  if (!source) throw notFound(id);
  return source;
}

/** The entries of its log that belong to a snapshot. */
async function logOf(store: RunStore, id: string, length: number): Promise<LogEntry[]> {
  const log = length > 0 ? await store.file(id, 'log') : undefined;
  return log ? parseLog(await log.slice(0, length).text()) : [];
}

/** A log as curves and samples. */
export function historyOf(log: readonly LogEntry[]): RunHistory {
  return {
    steps: log.flatMap((entry) => ('step' in entry ? [entry.step] : [])),
    evaluations: log.flatMap((entry) => ('evaluation' in entry ? [entry.evaluation] : [])),
    samples: log.flatMap((entry) => ('sample' in entry ? [entry.sample] : [])),
  };
}

/** The curves and samples of a kept run. */
export async function keptHistory(store: RunStore, id: string): Promise<RunHistory> {
  // A log that grows while it is read cannot be read.
  for (let tries = 0; ; tries++) {
    const { snapshot } = await newest(store, id);
    try {
      return historyOf(await logOf(store, id, snapshot.facts.log));
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

/** All that is kept, last saved first. */
async function kept(store: RunStore): Promise<(Saved & { facts: SnapshotFacts })[]> {
  const held = new Set((await navigator.locks?.query().catch(() => undefined))?.held?.map(({ name }) => name));
  const found: (Saved & { facts: SnapshotFacts })[] = [];
  for (const id of await store.ids()) {
    const [first] = await snapshots(store, id);
    if (!first) continue;
    const { facts } = first.snapshot;
    const { name, weights, created, saved } = facts;
    const sizes = await Promise.all(RUN_FILES.map(async (file) => (await store.file(id, file))?.size ?? 0));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    found.push({ id, name, weights, bytes, created, saved, open: held.has(lockName(keyOf(id))), facts });
  }
  return found.sort((a, b) => b.saved - a.saved);
}

/** The runs that can go on. */
export async function keptRuns(store: RunStore): Promise<SavedRun[]> {
  return (await kept(store)).flatMap(({ facts, ...all }) => {
    if (facts.kind !== 'run') return [];
    const { info, steps, last_loss, last_evaluation, text_length } = facts;
    return [{ ...all, settings: info.settings, info, steps, last_loss, last_evaluation, text_length }];
  });
}

/** What learns from a model, and can go on. */
export async function keptLearners(store: RunStore): Promise<SavedLearner[]> {
  return (await kept(store)).flatMap(({ facts, ...all }) => {
    if (facts.kind === 'run' || facts.kind === 'model') return [];
    const { kind, steps, total, metadata } = facts;
    return [{ ...all, kind, steps, total, metadata }];
  });
}

/** The models that were fine-tuned. */
export async function keptModels(store: RunStore): Promise<SavedModel[]> {
  return (await kept(store)).flatMap(({ facts, ...all }) => (facts.kind === 'model' ? [all] : []));
}

/** Takes a run's lock. @throws ClozeError `in_use` */
export async function holdRun(id: string): Promise<{ release(): void }> {
  const lock = await tryLockFile(keyOf(id));
  if (!lock) throw new ClozeError('in_use', say.open, { id });
  return lock;
}

/** Removes a run. @throws ClozeError `in_use` */
export async function removeRun(store: RunStore, id: string): Promise<void> {
  const lock = await holdRun(id);
  try {
    await store.remove(id);
  } catch (cause) {
    throw new ClozeError('in_use', say.open, { id }, { cause });
  } finally {
    lock.release();
  }
  announceRuns();
}
