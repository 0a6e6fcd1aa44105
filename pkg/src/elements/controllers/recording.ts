/** What a run asked of its pipeline, so that it can be saved and run again: `saved-run.ts` makes a file of it. */
import type { AnyPipeline } from './screen-parts.js';

/** A call as it was heard. */
export interface HeardCall {
  readonly task: string;
  readonly args: readonly unknown[];
  readonly returned: unknown;
  /** Whether `predict` was called, which returns more. */
  readonly ofPredict: boolean;
}

type Pipe = AnyPipeline & { readonly task?: string; predict?: unknown };
type Call = (...args: unknown[]) => Promise<unknown>;

/** A pipeline that tells of the first call that it answers. */
export function recording<P extends Pipe>(pipe: P, hear: (call: HeardCall) => void): P {
  const { task } = pipe;
  if (task === undefined || typeof pipe !== 'function') return pipe;
  let told = false;
  const heard = (call: Call, ofPredict: boolean): Call => {
    return async (...args) => {
      const returned = await call(...args);
      if (!told) hear({ task, args, returned, ofPredict });
      told = true;
      return returned;
    };
  };
  const call = heard(pipe as unknown as Call, false);
  return new Proxy(pipe, {
    apply: (_target, _self, args: unknown[]) => call(...args),
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      return name === 'predict' && typeof value === 'function' ? heard(value as Call, true) : value;
    },
  });
}
