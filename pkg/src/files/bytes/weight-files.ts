/** What files of weights are called. */

/** The usual names, in Hugging Face's layout. */
export const SAFETENSORS = 'model.safetensors';
export const SAFETENSORS_INDEX = 'model.safetensors.index.json';
export const GGUF = 'model.gguf';
export const PYTORCH = 'pytorch_model.bin';
export const PYTORCH_INDEX = 'pytorch_model.bin.index.json';

/** Whether a name is that of a file of weights: GGUF, safetensors or PyTorch's. */
export const isWeightFile = (name: string): boolean => /\.(gguf|safetensors|bin|pt|pth)$/iu.test(name);

/** Whether it is that of a GGUF file. */
export const isGguf = (name: string): boolean => /\.gguf$/iu.test(name);

/** Whether it is that of a safetensors file. */
export const isSafetensors = (name: string): boolean => /\.safetensors$/iu.test(name);

/** Whether it is that of an index, which names the files that the weights are split into. */
export const isWeightIndex = (name: string): boolean => /\.index\.json$/iu.test(name);

/** Whether a name may be that of PyTorch's weights under another name than the usual; not of what training leaves. */
export const mayBePytorch = (name: string): boolean =>
  /\.(?:bin|pt|pth)$/iu.test(name) && !/training_args|optimizer|scheduler|scaler|rng_state|random_states/iu.test(name);

/** Whether it is that of weights for other programs: TensorFlow, Flax, ONNX, Rust. */
export const isForeign = (name: string): boolean => /\.(?:h5|msgpack|onnx|tflite|pb|ckpt|ot|mlmodel)$/iu.test(name);

/** How the parts of a model are called: `name-00001-of-00003.gguf`. */
export const PART = /-(\d{5})-of-(\d{5})(?=\.(?:gguf|safetensors|bin)$)/iu;

/** More parts are no model's. */
const MOST = 1000;

/** The names of all parts of the model that a file is a part of, in order; its own if it is no part. */
export function partsOf(name: string): readonly string[] {
  const [, , digits = ''] = PART.exec(name) ?? [];
  const count = Number(digits);
  if (count < 2 || count > MOST) return [name];
  return Array.from({ length: count }, (_, part) =>
    name.replace(PART, `-${String(part + 1).padStart(5, '0')}-of-${digits}`),
  );
}
