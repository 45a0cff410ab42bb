import { openTopicReader, type TopicReader } from './topic-reader.ts';

/** The reading sides of one opened log, each opened when it is first asked for. */
export interface TopicReaders {
  /** null where the topic does not exist (yet). */
  of(topic: string): TopicReader | null;
  close(): void;
}

export function createTopicReaders(logDir: string): TopicReaders {
  const readers = new Map<string, TopicReader>();
  return {
    of(topic) {
      const reader = readers.get(topic) ?? openTopicReader(logDir, topic);
      if (reader !== null) readers.set(topic, reader);
      return reader;
    },
    close() {
      for (const reader of readers.values()) reader.close();
    },
  };
}
