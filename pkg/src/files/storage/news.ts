/** News of kept files, from tab to tab. */

const CHANNEL = 'cloze models';

/** Something changed. */
export interface News {
  /** The file's key. */
  key: string;
  /** While it arrives. */
  loaded?: number;
  total?: number;
  /** Whether the load that fetches it is paused. */
  paused?: boolean;
}

let sender: BroadcastChannel | undefined;

/** Tells all tabs, this one included. */
export function tellNews(news: News): void {
  sender ??= new BroadcastChannel(CHANNEL);
  sender.postMessage(news);
}

/** Hears what {@link tellNews} says; returns how to stop hearing. */
export function hearNews(listener: (news: News) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<News>) => listener(data);
  return () => channel.close();
}
