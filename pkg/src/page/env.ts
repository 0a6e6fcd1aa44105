/** Settings for all pipelines. */
import { unknownOption } from './options.js';

/** See {@link env}. */
export interface Env {
  /** Where hub ids are looked up; a mirror may be named. */
  remote_host: string;
  /** The folder of a model on it. */
  remote_path_template: string;
  /** Where it says which files a model has, with their hashes. */
  remote_api_path_template: string;
  /** Sent to `remote_host`, for models that are not given to everybody. It is kept nowhere. */
  token: string | undefined;
  /** A folder with `bert/`, `gpt/` and, for `openTokenizer`, `unigram/`, to be used instead of what comes with the package. */
  default_models: string | undefined;
  /**
   * Whether files are kept in the browser, to be read from there as long as they are the same: by their hash where the hub
   * or the package names it, else by the server's `ETag` or `Last-Modified`. See `models` for what is kept.
   */
  use_browser_cache: boolean;
}

const settings: Env = {
  remote_host: 'https://huggingface.co/',
  remote_path_template: '{model}/resolve/{revision}/',
  remote_api_path_template: 'api/models/{model}/revision/{revision}?blobs=true',
  token: undefined,
  default_models: undefined,
  use_browser_cache: true,
};

/**
 * Settings for all pipelines, as in transformers.js. Change them before the first `pipeline` call. A name that is none of
 * them throws `invalid_option`.
 */
export const env: Env = new Proxy(Object.seal(settings), {
  set(target, name, value) {
    if (!Object.hasOwn(target, name)) throw unknownOption('env', String(name), Object.keys(target));
    return Reflect.set(target, name, value);
  },
});
