import { BroadcastChannel } from 'node:worker_threads';
import type { Wakeup } from './messages.ts';
import type { TopicReader } from './topic-reader.ts';

interface Watched {
  readonly reader: TopicReader;
  seen: number;
}

// How late another process's records may be seen. Threads of this process say so at once.
const POLL_MS = 50;

/** Calls `onTopic` where a topic may have new records. */
export interface Wakeups {
  /** Poll this topic for what other processes append. */
  watch(topic: string, reader: TopicReader): void;
  stop(): void;
}

export function createWakeups(channelName: string, onTopic: (topic: string) => void): Wakeups {
  const versions = new Map<string, Watched>();
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = (message) => {
    const wakeup = (message as { data: Wakeup }).data;
    if ('appended' in wakeup) wakeup.appended.forEach(onTopic);
  };
  channel.unref();
  const timer = setInterval(() => {
    for (const [topic, watched] of versions) {
      if (!changed(watched)) continue;
      onTopic(topic);
    }
  }, POLL_MS);
  timer.unref();
  return {
    watch(topic, reader) {
      if (!versions.has(topic)) versions.set(topic, { reader, seen: reader.dataVersion() });
    },
    stop() {
      clearInterval(timer);
      channel.close();
    },
  };
}

function changed(watched: Watched): boolean {
  try {
    const version = watched.reader.dataVersion();
    if (version === watched.seen) return false;
    watched.seen = version;
    return true;
  } catch {
    return true; // busy (another process recovers the file): let the consumer look, and report what it meets
  }
}
