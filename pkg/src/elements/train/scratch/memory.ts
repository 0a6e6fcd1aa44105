/** What this device remembers beside the runs: small things, and none that is needed. */
import { TEXTS, type TextName } from '../../../training/data.js';

const LEAVING = 'cloze-train-leaving';
const TEXT = 'cloze-train-text:';
const SPEED = 'cloze-train-speed:';

/** Storage may be switched off. */
function read(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It is only forgotten.
  }
}

/** The memory. */
export class Memory {
  /** What happens when the tab is left. A phone rests, unless its owner wants otherwise. */
  get leaving(): 'go_on' | 'pause' {
    const known = read(LEAVING);
    if (known === 'go_on' || known === 'pause') return known;
    return globalThis.matchMedia?.('(pointer: coarse)').matches ? 'pause' : 'go_on';
  }
  set leaving(value: 'go_on' | 'pause') {
    write(LEAVING, value);
  }

  /** Which of the page's own texts a run learns from. */
  textOf(id: string): TextName | undefined {
    const known = read(TEXT + id);
    return TEXTS.find(({ name }) => name === known)?.name;
  }

  remember(id: string, text: TextName | undefined): void {
    if (text !== undefined) write(TEXT + id, text);
  }

  /** Floating-point operations a second that a kind of model reaches here; undefined before its first run. */
  speedOf(architecture: string): number | undefined {
    const known = Number(read(SPEED + architecture));
    return known > 0 ? known : undefined;
  }

  rememberSpeed(architecture: string, flops: number): void {
    if (Number.isFinite(flops) && flops > 0) write(SPEED + architecture, flops.toPrecision(4));
  }
}
