/** What ChatGPT's steps did so far, and what of it is put beside them where they are kept. */
import type { ChatPhase, ChatTraining, StepPoint } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';

/** When samples are written. */
export type ChatStage = 'base' | 'supervised' | 'preference';

/** A sample, and what the reward model thinks of it, once there is one. */
export interface ChatSample {
  readonly prompt: string;
  readonly text: string;
  readonly score?: number | undefined;
}

/** What a phase did. */
export interface PhaseLog {
  readonly steps: StepPoint[];
  /** Updates in all, of all times it was begun. */
  total: number;
  ms: number;
  /** Examples that are longer than what is read of them. */
  cut: number;
  /** Choices held back that the reward model judges as the reader did. */
  checked?: { readonly right: number; readonly of: number };
}

/** What is to be found again beside what is kept. */
export interface ChatMetadata {
  readonly view: 'chat-steps';
  /** As it stands in links. */
  readonly model: string;
  readonly samples: readonly (readonly [ChatStage, readonly ChatSample[]])[];
  readonly checked: PhaseLog['checked'] | null;
}

/** What the view has put there; undefined for what somebody else did. */
export function metadataOf(metadata: unknown): ChatMetadata | undefined {
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const found = metadata as Partial<ChatMetadata>;
  const whole = found.view === 'chat-steps' && typeof found.model === 'string' && Array.isArray(found.samples);
  return whole ? (found as ChatMetadata) : undefined;
}

/** What it is called in the list of what was left. */
export const titleOf = (metadata: unknown): string | undefined => metadataOf(metadata) && trainWords.chatSteps.label;

/** What its phases did, as it told before its tab was closed. */
export function logsOf(history: ChatTraining['history'], phase: ChatTraining['phase']): Map<ChatPhase, PhaseLog> {
  const logs = new Map<ChatPhase, PhaseLog>();
  for (const { phase: kind, steps } of history) {
    const log = logs.get(kind) ?? { steps: [], total: 0, ms: 0, cut: 0 };
    // Several times of one phase stand behind each other.
    for (const report of steps) log.steps.push({ ...report, step: log.steps.length });
    log.ms += steps.reduce((sum, { ms }) => sum + ms, 0);
    log.total = log.steps.length;
    logs.set(kind, log);
  }
  const last = phase && logs.get(phase.kind);
  if (last) {
    last.total += Math.max(0, phase.steps - (history.at(-1)?.steps.length ?? 0));
    last.cut = phase.cut;
  }
  return logs;
}
