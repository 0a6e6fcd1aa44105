/** Settings for all pipelines, as in transformers.js. Change them before the first `pipeline` call. */
export const env: {
  /** Where hub ids are looked up; a mirror may be named. */
  remote_host: string;
  /** The folder of a model on it. */
  remote_path_template: string;
  /** A folder with `bert/` and `gpt/`, to be used instead of the package's own default models. */
  default_models: string | undefined;
  /**
   * Whether weight files are kept in the browser (origin private file system), to be read from there as long as the server
   * names the same version (`ETag`, else `Last-Modified`).
   */
  use_browser_cache: boolean;
} = {
  remote_host: 'https://huggingface.co/',
  remote_path_template: '{model}/resolve/{revision}/',
  default_models: undefined,
  use_browser_cache: true,
};
