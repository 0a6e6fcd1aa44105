/** Letting go of objects of the wasm core. */

/**
 * Frees an object of the core. After a crash it counts as borrowed for ever and refuses to be freed; that refusal must
 * not take the place of the error that tells of the crash.
 */
export function free(object: { free(): void }): void {
  try {
    object.free();
  } catch {
    // Its memory ends with the instance.
  }
}
