/** What a worker is asked to load, from what a caller named. */
import { baseAddress } from '../border/addresses.js';
import { invalidOption } from '../border/errors.js';
import type { DefaultTokenizer, LoadRequest } from '../border/load-request.js';
import type { DType } from '../border/types.js';
import { findDefaultModels, hasDefaultModels } from '../files/sources/default-models.js';
import { optionErrors } from '../words/page/index.js';
import { chooseBuild } from './build-choice.js';
import { env } from './env.js';
import type { PipelineOptions } from './load-options.js';
import { credentialsFor, resolveSource, type ModelArgument } from './model-source.js';
import { wasmAddresses } from './wasm-addresses.js';
import { requireWorkers } from './whereabouts.js';

const DTYPES: readonly DType[] = ['q8', 'q4', 'fp32'];

/**
 * The request for a model; `fallback` is the default one, of `cloze-models`; where {@link awaited} names something, it is to be
 * waited for before.
 *
 * @throws ClozeError `invalid_option`, `unsupported_browser`, `no_default_models`
 */
export function requestFor(model: ModelArgument, fallback: DefaultTokenizer, options: PipelineOptions): LoadRequest {
  const { dtype = 'q8', device = 'wasm' } = options;
  if (!DTYPES.includes(dtype)) throw invalidOption('dtype', optionErrors.noneOf(String(dtype), DTYPES));
  if (device !== 'wasm') throw invalidOption('device', optionErrors.onlyWasm(String(device)));
  const choice = chooseBuild(options.build, options.threads);
  requireWorkers();
  const addresses = wasmAddresses();
  const source = resolveSource(model, fallback, { ...options, baseURI: baseAddress() });
  const credentials = credentialsFor(source, options.token);
  const { use_browser_cache } = env;
  return { source, dtype, choice, ...addresses, use_browser_cache, ...(credentials && { credentials }) };
}

/** What a request without a model waits for: the default models, if they have to be looked for. */
export const awaited = (model: ModelArgument): Promise<void> | undefined =>
  (model === undefined || model === null) && env.default_models === undefined && !hasDefaultModels()
    ? findDefaultModels()
    : undefined;

/** The field of a load's news that says which model it is of; none for those that come with the package. */
export const nameOf = ({ source }: LoadRequest): { name?: string } => ('name' in source ? { name: source.name } : {});
