import type { PackedPart } from './messages.ts';
import { openTopicStore, type TopicStore } from './topic-store.ts';

/** The topics of one opened log, each opened when it is first asked for. */
export interface TopicStores {
  /** 0 where there is no such topic. */
  partitionsOf(topic: string): number;
  /** Append for several callers in one transaction. @returns base offset of each part, by caller */
  append(topic: string, callers: readonly (readonly PackedPart[])[]): number[][];
  /** Drop what is past its retention. */
  retain(): void;
  close(): void;
}

export function createTopicStores(logDir: string): TopicStores {
  const stores = new Map<string, TopicStore>();
  const of = (topic: string): TopicStore | null => {
    const known = stores.get(topic) ?? openTopicStore(logDir, topic);
    if (known !== null) stores.set(topic, known);
    return known;
  };
  return {
    partitionsOf: (topic) => of(topic)?.partitions ?? 0,
    append(topic, callers) {
      const store = of(topic);
      if (store === null) throw new Error(`topic ${topic} does not exist`);
      const bases = store.append(callers.flat(), Date.now());
      let at = 0;
      return callers.map(({ length }) => {
        at += length;
        return bases.slice(at - length, at);
      });
    },
    retain() {
      for (const store of stores.values()) {
        try {
          store.retain(Date.now());
        } catch {
          // A busy or full disk is no reason to stop writing: the next round tries again, appends report their own faults
        }
      }
    },
    close() {
      for (const store of stores.values()) store.close();
    },
  };
}
