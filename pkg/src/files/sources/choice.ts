/** Which of a folder's models are taken. */
import { GGML_TYPES } from '../../border/core.js';
import { GGUF, isGguf, PART, partsOf } from '../bytes/weight-files.js';

/** What lies beside models: projectors, statistics for quantising, adapters, vocabularies, drafts of other models. */
const ASIDE = /mmproj|imatrix|(?:^|[-_./])(?:lora|adapter|vocab|draft|mtp|eagle\d?)(?=[-_./]|$)/iu;

/** How file names say what their tensors are stored as: `Q5_K_M`, `IQ2_XS`, `bf16`. */
const QUANTISATION = /(?:^|[^a-z0-9])((?:i|t)?q\d(?:_[a-z0-9]+)*|b?f(?:p)?(?:16|32)|(?:mx|nv)fp\d)(?=$|[^a-z0-9_])/giu;

/** The types of ggml by what is best to compute with: 8 bits, then as many as come near. */
const BEST = ['Q8_0', 'Q6_K', 'Q5_K', 'Q5_1', 'Q5_0', 'Q4_K', 'Q4_1', 'Q4_0', 'F16', 'BF16', 'F32', 'Q3_K', 'Q2_K'];

/** The type that most of a file's tensors have, by its name. */
function typeIn(name: string): string | undefined {
  const stem = name.replace(PART, '').replace(/\.[^.]*$/u, '');
  const said = [...stem.matchAll(QUANTISATION)]
    .at(-1)?.[1]
    ?.toUpperCase()
    .replace('FP16', 'F16')
    .replace('FP32', 'F32');
  if (said === undefined || GGML_TYPES.includes(said)) return said;
  // Q5_K_M is a mixture around Q5_K.
  return said.replace(/_(?:X*[SL]|M)$/u, '');
}

/** Which names of a folder are models in GGUF, best first; of one in parts that of its first part. */
export function ggufModels(names: readonly string[]): readonly string[] {
  const rank = (name: string): number => {
    if (name === GGUF) return -1;
    if (ASIDE.test(name)) return 3000;
    const type = typeIn(name);
    const best = type === undefined ? BEST.length : BEST.indexOf(type);
    if (best < 0 || (type !== undefined && !GGML_TYPES.includes(type))) return 2000;
    return best + (partsOf(name).every((part) => names.includes(part)) ? 0 : 1000);
  };
  const first = new Set(names.filter(isGguf).map((name) => partsOf(name)[0]!));
  return [...first].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
