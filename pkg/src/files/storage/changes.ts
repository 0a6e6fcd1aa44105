/** Changes of stored files, told from tab to tab. */

const CHANNEL = 'cloze models';

/** What changed. */
export interface Change {
  /** The file's key. */
  key: string;
  /** While it arrives: bytes that are there. */
  loaded?: number;
  /** While it arrives: its length in bytes. */
  total?: number;
  /** Whether the load that fetches it is paused. */
  paused?: boolean;
}

let sender: BroadcastChannel | undefined;

/** Tells all tabs, this one included. */
export function announceChange(change: Change): void {
  sender ??= new BroadcastChannel(CHANNEL);
  sender.postMessage(change);
}

/** Hears what {@link announceChange} tells; returns how to stop hearing. */
export function onChange(listener: (change: Change) => void): () => void {
  let channel: BroadcastChannel;
  try {
    channel = new BroadcastChannel(CHANNEL);
  } catch {
    // A page in a sandbox keeps nothing, and some browsers give it no channel.
    return () => undefined;
  }
  channel.onmessage = ({ data }: MessageEvent<Change>) => listener(data);
  return () => channel.close();
}
