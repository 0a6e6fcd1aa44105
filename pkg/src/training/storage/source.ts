/** What something that learns from a model needs to go on, beside its checkpoint: JSON, and files that no address has. */

/** Files, by name. */
type Files = Record<string, Uint8Array>;

/** How the first bytes say where the files begin. */
const HEAD = 4;

/** The parts of one file: the length of the JSON (u32, little-endian), the JSON, then file behind file. */
export function packSource(json: object, files: Files): Uint8Array[] {
  const sizes = Object.entries(files).map(([name, { byteLength: size }]) => ({ name, size }));
  const text = new TextEncoder().encode(JSON.stringify({ ...json, files: sizes }));
  const head = new Uint8Array(HEAD);
  new DataView(head.buffer).setUint32(0, text.byteLength, true);
  return [head, text, ...Object.values(files)];
}

/** What {@link packSource} packed. @throws SyntaxError for anything else */
export async function unpackSource<T extends object>(packed: Blob): Promise<{ json: T; files: Files }> {
  const head = await packed.slice(0, HEAD).arrayBuffer();
  if (head.byteLength < HEAD) throw new SyntaxError('It is shorter than its head.');
  let at = HEAD + new DataView(head).getUint32(0, true);
  const { files: sizes, ...json } = JSON.parse(await packed.slice(HEAD, at).text()) as T & {
    files: { name: string; size: number }[];
  };
  const files: Files = {};
  for (const { name, size } of sizes)
    files[name] = new Uint8Array(await packed.slice(at, (at += size)).arrayBuffer());
  return { json: json as unknown as T, files };
}
