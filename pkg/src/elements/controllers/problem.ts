/** A problem that is said beside the control that caused it. */
import type { ReactiveController } from 'lit';
import { words } from '../../words/index.js';
import { focusControl, type Host } from './host.js';

/** Something that went wrong and where it is said. */
export interface Problem {
  /** The control it stands beside; `load` for the model, `run` for all else. */
  readonly at: string;
  readonly message: string;
  readonly code: string;
}

/** The part of a `ClozeError` that is used here; also true of errors from another copy of the package. */
interface CodedError {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Whether an error bears a code. */
export const isCoded = (error: unknown): error is CodedError =>
  error instanceof Error && typeof (error as Partial<CodedError>).code === 'string';

/** Whether an error says that something was stopped, which is no problem. */
export const isStop = (error: unknown): boolean =>
  (isCoded(error) && error.code === 'aborted') || (error instanceof DOMException && error.name === 'AbortError');

/** What an error says. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Errors whose cause is the model or its files, not what was typed. */
const LOAD_CODES = new Set([
  'network',
  'not_found',
  'gated',
  'unauthorized',
  'rate_limited',
  'hash_mismatch',
  'invalid_config',
  'invalid_weights',
  'truncated_weights',
  'missing_tensor',
  'shape_mismatch',
  'invalid_tokenizer',
  'unsupported_browser',
  'no_mlm_head',
  'no_nsp_head',
  'no_lm_head',
  'no_qa_head',
  'no_classification_head',
  'no_tagging_head',
]);

/** Whether an error of this code is one of the model or its files. */
export const isLoadCode = (code: string): boolean => LOAD_CODES.has(code);

/** Messages end as sentences do. */
export const sentence = (text: string): string =>
  /[.!?…。！？]$/u.test(text) ? text : `${text}${words.frame.marks.fullStop}`;

/** What an error says, and what a reader of the page can do about it: the core knows of no page. */
export function problemText(error: unknown): string {
  const advice: Readonly<Record<string, (details: Readonly<Record<string, unknown>>) => string>> = words.advice;
  const more = isCoded(error) ? (advice[error.code]?.(error.details ?? {}) ?? '') : '';
  return more === '' ? messageOf(error) : `${sentence(messageOf(error))}${words.frame.marks.between}${more}`;
}

/** One problem at a time. */
export class ProblemController implements ReactiveController {
  #current: Problem | undefined;
  /** The control that gets the focus once the problem is shown. */
  #focus: string | undefined;

  constructor(private readonly host: Host) {
    host.addController(this);
  }

  /** What is shown. */
  get current(): Problem | undefined {
    return this.#current;
  }

  /** Shows a problem; `focus` names the control that gets the focus then. */
  show(problem: Problem, focus?: string): void {
    this.#current = problem;
    this.#focus = focus;
    this.host.requestUpdate();
  }

  /** Takes the problem away. */
  clear(): void {
    if (!this.#current) return;
    this.#current = undefined;
    this.#focus = undefined;
    this.host.requestUpdate();
  }

  /** The words of the problem beside a control. */
  at(id: string): string | undefined {
    return this.#current?.at === id ? this.#current.message : undefined;
  }

  hostUpdated(): void {
    const id = this.#focus;
    this.#focus = undefined;
    if (id !== undefined) focusControl(this.host, id);
  }
}
