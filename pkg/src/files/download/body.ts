/** The bytes of a stream as they come. */
import { STREAM_BUFFER } from '../bytes/sizes.js';

/** A stream being read. */
export interface Body {
  /** The next bytes, which the call after overwrites; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  cancel(): Promise<void>;
}

/** Reads into one buffer again and again where the stream can: else a model's size in garbage is made. */
export function bodyOf(stream: ReadableStream<Uint8Array> | null): Body {
  if (!stream) return { read: async () => undefined, cancel: async () => undefined };
  let reader: ReadableStreamBYOBReader;
  try {
    reader = stream.getReader({ mode: 'byob' });
  } catch {
    const plain = stream.getReader();
    return { read: async () => (await plain.read()).value, cancel: () => plain.cancel().catch(() => undefined) };
  }
  let buffer = new ArrayBuffer(STREAM_BUFFER);
  return {
    async read() {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      // The stream takes the buffer over and gives it back with the bytes.
      if (value) buffer = value.buffer;
      return done ? undefined : value;
    },
    cancel: () => reader.cancel().catch(() => undefined),
  };
}
