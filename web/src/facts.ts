/** The footer: which build runs, with how many threads and why, and on which model. */

/** The detail of `cloze-ready`, as far as it is shown here. */
export interface Ready {
  info: {
    architecture: 'bert' | 'gpt2';
    num_hidden_layers: number;
    hidden_size: number;
    parameters: number;
    weight_bytes: number;
    dtype: string;
  };
  runtime: {
    build: string;
    threads: number;
    threads_off_reason: string | null;
    version: string;
  };
}

const NAME = { bert: 'BERT', gpt2: 'GPT-2' } as const;

const MEANING: Record<string, string> = {
  simd128: '128-bit vectors',
  'relaxed-simd': '128-bit vectors with relaxed rounding',
  'relaxed-simd-threads': '128-bit vectors with relaxed rounding, several threads',
};

const set = (id: string, text: string): void => {
  const place = document.getElementById(id);
  if (place) place.textContent = text;
};

export const inMillions = (count: number): string => `${(count / 1e6).toFixed(1)} million`;
export const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Shows what is known of the tab's model; before it is loaded, what is known of this browser. */
export function showFacts(ready: Ready | undefined): void {
  if (!ready) {
    set('fact-build', 'Chosen when this tab’s model is loaded.');
    set('fact-threads', crossOriginIsolated ? 'Possible here.' : 'Off: this page was served without the headers that allow shared memory (COOP and COEP).');
    set('fact-model', 'Not loaded yet.');
    return;
  }
  const { info, runtime } = ready;
  set('fact-build', `${runtime.build}${MEANING[runtime.build] ? `: ${MEANING[runtime.build]}` : ''}.`);
  set('fact-threads', runtime.threads_off_reason === null ? `${runtime.threads} of this machine’s ${navigator.hardwareConcurrency}.` : `Off: ${runtime.threads_off_reason}`);
  set(
    'fact-model',
    `${NAME[info.architecture]}, ${info.num_hidden_layers} layers of width ${info.hidden_size}, ` +
      `${inMillions(info.parameters)} parameters, ${inMegabytes(info.weight_bytes)} as ${info.dtype}.`,
  );
  set('fact-version', runtime.version);
}
