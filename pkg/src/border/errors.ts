/** The one error class of the package. */

import type { CoreErrorCode } from './core.js';
import type { TrainingErrorCode } from './training.js';

/** The codes of the package itself; {@link ErrorCode} says what they mean. */
export type PackageErrorCode =
  | 'aborted'
  | 'network'
  | 'not_found'
  | 'no_default_models'
  | 'gated'
  | 'unauthorized'
  | 'rate_limited'
  | 'hash_mismatch'
  | 'in_use'
  | 'unsupported_browser'
  | 'worker_failed'
  | 'disposed'
  | 'storage_full'
  | 'not_kept';

/**
 * What went wrong, as a stable name.
 *
 * From the model core: `invalid_config`, `invalid_weights`, `truncated_weights`, `missing_tensor`, `shape_mismatch`,
 * `invalid_tokenizer`, `token_beyond_model`, `empty_input`, `input_too_long`, `no_chat_template`, `chat_template` (`details.problem` says why),
 * `no_mask`, `unknown_target`, `no_mlm_head`, `no_nsp_head`, `no_lm_head`, `no_qa_head`, `no_classification_head`, `no_tagging_head` (`details.has`: the heads
 * that are there), `wrong_architecture`, `unsupported`, `beyond_build` (only where this crate's smaller build is used by itself), `invalid_option`, `out_of_memory` (perhaps the worker had to be thrown away), `internal`.
 *
 * From the package: `aborted` (an `AbortSignal`, or a call that was replaced), `network`, `not_found`,
 * `no_default_models` (no model was named, and the package `cloze-models` is not there), `gated` (conditions
 * to accept first), `unauthorized` (a token is needed, or another one), `rate_limited`, `hash_mismatch` (other bytes came
 * than the hub or the package names, twice), `in_use` (another tab reads the file that is to be deleted),
 * `unsupported_browser`, `worker_failed` (the worker crashed; the next call starts a new one), `disposed`.
 *
 * Of `cloze/training` besides: {@link TrainingErrorCode}, and `storage_full`, `not_kept` (a run goes on without being kept).
 */
export type ErrorCode = CoreErrorCode | PackageErrorCode | TrainingErrorCode;

/** An error as it crosses from the worker. */
export interface ErrorData {
  code: ErrorCode;
  message: string;
  details?: Record<string, unknown>;
}

/**
 * Every rejection of this package. `message` says what was wrong, with which input, and what to do.
 *
 * @example
 * ```ts
 * try {
 *   await unmask('No mask here.');
 * } catch (error) {
 *   if (error instanceof ClozeError && error.code === 'no_mask') addMask();
 * }
 * ```
 */
export class ClozeError extends Error {
  /** The kind; stable over versions. */
  readonly code: ErrorCode;
  /** Facts of the case, such as `{tokens, max}` of `input_too_long`. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Of an aborted generation: the text and tokens that were there. */
  partial?: unknown;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClozeError';
    this.code = code;
    this.details = details;
  }
}

/** For a call that was stopped. */
export const aborted = (what: string): ClozeError => new ClozeError('aborted', `${what} was stopped.`);

/** For an option out of its range, or one that does not exist. */
export const invalidOption = (option: string, message: string, details: Record<string, unknown> = {}): ClozeError =>
  new ClozeError('invalid_option', `Option "${option}": ${message}`, { option, ...details });

/** For calls that end because the model's instance did. */
export const crashed = (how: string): ClozeError =>
  new ClozeError(
    'worker_failed',
    `The model’s worker crashed (${how}). Try again; the model is loaded anew. If it happens again, try a shorter text or a smaller model, and please report it.`,
    { how },
  );

/** For calls that end because the model's instance found no memory, for this many bytes if that is known. */
export function outOfMemory(bytes = 0): ClozeError {
  const size = bytes < 1e6 ? '' : ` for another ${(bytes / 1e6).toFixed(0)} MB`;
  return new ClozeError(
    'out_of_memory',
    `There was no memory left${size}. Try a shorter text, close other tabs, or load the model as q4 or a smaller one; it is loaded anew.`,
    bytes > 0 ? { bytes } : {},
  );
}

/** A trap of the core, or an error of the engine in the middle of its work. */
interface Trap {
  message: string;
}

/** Whether something thrown is a trap, the end of the stack (a `RangeError`, in Firefox an `InternalError`), or of memory. */
export function isTrap(error: unknown): error is Trap {
  return (
    error instanceof WebAssembly.RuntimeError ||
    (error instanceof Error && /^(RangeError|InternalError)$/u.test(error.name))
  );
}

/** What a trap means to the caller. `refused` is what the core could not have, see `refused_bytes` of the core. */
export function trapped({ message }: Trap, refused: number): ClozeError {
  // Where an instance or an array cannot be made at all, engines say it in words.
  return refused > 0 || /allocat|out of memory/iu.test(message) ? outOfMemory(refused) : crashed(message);
}

/** Anything thrown, as data that can be posted: errors of the wasm core carry a `code` already. */
export function toData(error: unknown): ErrorData {
  const known = error as Partial<ErrorData> | undefined;
  if (error instanceof Error && typeof known?.code === 'string') {
    return { code: known.code, message: error.message, ...(known.details ? { details: { ...known.details } } : {}) };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: 'internal',
    message: `Something went wrong inside (${message}). Load the page again; if it happens again, please report it.`,
  };
}

/** The error that was posted. */
export const fromData = ({ code, message, details }: ErrorData): ClozeError => new ClozeError(code, message, details);
