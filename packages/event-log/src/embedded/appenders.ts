import type { LogPosition, LogRecord } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Accumulator } from '../accumulator.ts';
import { createAppender } from './appender.ts';
import type { TopicReaders } from './topic-readers.ts';
import type { WriterLink } from './writer-link.ts';

/** The appending sides of one opened log: topics are gathered, and written, side by side. */
export interface Appenders {
  append(topic: string, records: readonly LogRecord[]): Promise<readonly LogPosition[]>;
  /** Resolves when nothing waits any more. */
  drained(): Promise<unknown>;
}

export function createAppenders(link: WriterLink, readers: TopicReaders): Appenders {
  const appenders = new Map<string, Accumulator>();
  const open = (topic: string): Accumulator => {
    const reader = readers.of(topic);
    if (reader === null) throw new KenalError('log_unavailable', `topic ${topic} does not exist`);
    return createAppender(reader.partitions, (parts) =>
      link.request<'append'>({ kind: 'append', topic, parts }, [...new Set(parts.map(({ data }) => data.buffer))]),
    );
  };
  return {
    async append(topic, records) {
      const appender = appenders.get(topic) ?? open(topic);
      appenders.set(topic, appender);
      return appender.append(topic, records);
    },
    drained: () => Promise.all([...appenders.values()].map((appender) => appender.drained())),
  };
}
