/**
 * The default models of `cloze`. Importing this package tells `cloze` where they lie; nothing is fetched by it.
 *
 * @module
 */

/** A file of a model. */
export interface ModelFile {
  /** Where it lies. */
  readonly url: () => URL;
  /** Its length in bytes. */
  readonly size: number;
  /** Its hash, hexadecimal, which `cloze` checks. */
  readonly sha256: string;
}

/** The files of the BERT, of the model of GPT-2's kind, and of a tokenizer that belongs to neither. */
export declare const models: Readonly<Record<'bert' | 'gpt' | 'unigram', Readonly<Record<string, ModelFile>>>>;
