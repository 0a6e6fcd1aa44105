/** How many bytes are handled at once. */

const KIB = 1 << 10;
const MIB = 1 << 20;

/** A buffer for what comes from the network or a disk file of the visitor. */
export const STREAM_BUFFER = MIB;
/** What is read of weights before the core can take them. */
export const MOST_AHEAD = 8 * MIB;
/** A read from the storage, where few large reads are fastest. */
export const STORAGE_READ = 4 * MIB;
/** An entry of the Cache API. It is part of how files are stored: another size would not find what is there. */
export const CACHE_PART = 4 * MIB;
/** A request of one of several connections, before it takes the next. */
export const REQUEST_PART = 16 * MIB;
/** Missing bytes from which several connections are worth it. */
export const WORTH_SEVERAL_REQUESTS = 2 * REQUEST_PART;
/** A step of hashing on a page, which must go on answering: some ms. */
export const HASH_STEP = MIB;
/** The first bytes of a GGUF file, in which writers name the architecture. */
export const GGUF_HEAD = 4 * KIB;
/** The most that a small file may have. The tokenizers with the largest vocabularies have some 35 MB. */
export const MOST_SMALL = 128 * MIB;
