/** The footer: which build runs, with how many threads and why, and on which model. */
import { architectureName, chooseBuild, type BuildChoice, type BuildOption } from 'cloze';
import { words } from './words';

const say = words.facts;

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
  runtime: BuildChoice & { version: string; lean: boolean };
}

const set = (id: string, text: string): void => {
  const place = document.getElementById(id);
  if (place) place.textContent = text;
};

export const inMillions = (count: number): string => say.millions((count / 1e6).toFixed(1));
export const inMegabytes = (bytes: number): string => say.megabytes((bytes / 1e6).toFixed(1));

function showChoice({ build, threads, threads_off_reason }: BuildChoice): void {
  set('fact-build', say.build(build, say.builds[build]));
  set(
    'fact-threads',
    threads_off_reason === null
      ? say.threads(threads, navigator.hardwareConcurrency)
      : say.threadsOffBecause(threads_off_reason),
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
      set('fact-threads', say.threadsOff);
    }
    set('fact-model', say.notLoaded);
    return;
  }
  const { info, runtime } = ready;
  showChoice(runtime);
  set(
    'fact-model',
    say.model(
      architectureName(info.model_type),
      info.num_hidden_layers,
      info.hidden_size,
      inMillions(info.parameters),
      inMegabytes(info.weight_bytes),
      info.dtype,
    ),
  );
  set('fact-version', runtime.version);
}
