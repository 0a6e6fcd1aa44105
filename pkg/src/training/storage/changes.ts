/** Changes of kept runs, told from tab to tab. */
const CHANNEL = 'cloze runs';

let sender: BroadcastChannel | undefined;

/** Tells all tabs, this one included. */
export function announceRuns(): void {
  try {
    sender ??= new BroadcastChannel(CHANNEL);
    sender.postMessage(null);
  } catch {
    // A page in a sandbox keeps nothing, and some browsers give it no channel.
  }
}

/** Hears what {@link announceRuns} tells; returns how to stop hearing. */
export function onRunsChange(listener: () => void): () => void {
  try {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = listener;
    return () => channel.close();
  } catch {
    return () => undefined;
  }
}
