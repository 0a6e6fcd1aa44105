/** The footer: which build runs, with how many threads and why, and on which model. */
import { architectureName, chooseBuild, type BuildChoice, type BuildOption } from 'cloze';

/** The detail of `cloze-ready`, as far as it is shown here. */
export interface Ready {
  info: {
    model_type: string;
    num_hidden_layers: number;
    hidden_size: number;
    parameters: number;
    weight_bytes: number;
    dtype: string;
  };
  runtime: BuildChoice & { version: string };
}

const MEANING: Record<BuildChoice['build'], string> = {
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

function showChoice({ build, threads, threads_off_reason }: BuildChoice): void {
  set('fact-build', `${build}: ${MEANING[build]}.`);
  set(
    'fact-threads',
    threads_off_reason === null
      ? `${threads} of this machine’s ${navigator.hardwareConcurrency}.`
      : `Off. ${threads_off_reason}`,
  );
}

/** Shows what is known of the tab's model; before it is loaded, what will run in this browser. */
export function showFacts(
  ready: Ready | undefined,
  asked: { build: BuildOption | null; threads: number | null },
): void {
  if (!ready) {
    try {
      showChoice(chooseBuild(asked.build ?? 'auto', asked.threads ?? undefined));
    } catch (error) {
      // This browser cannot run the core, or not the build that the address asks for.
      set('fact-build', error instanceof Error ? error.message : String(error));
      set('fact-threads', 'Off.');
    }
    set('fact-model', 'Not loaded yet.');
    return;
  }
  const { info, runtime } = ready;
  showChoice(runtime);
  set(
    'fact-model',
    `${architectureName(info.model_type)}, ${info.num_hidden_layers} layers of width ${info.hidden_size}, ` +
      `${inMillions(info.parameters)} parameters, ${inMegabytes(info.weight_bytes)} as ${info.dtype}.`,
  );
  set('fact-version', runtime.version);
}
