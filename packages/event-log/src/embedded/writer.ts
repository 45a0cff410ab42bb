import { BroadcastChannel } from 'node:worker_threads';
import { isKenalError } from '@kenal/errors';
import { createGroups } from './groups.ts';
import type { Envelope, PackedPart, Reply, Request, Wakeup, WriterOptions } from './messages.ts';
import { createTopicFile } from './topic-store.ts';
import { createTopicStores } from './topic-stores.ts';

type Of<K extends Request['kind']> = Extract<Envelope, { kind: K }>;

/** All that writes to the files of one opened log, synchronously; lives in the writer thread. */
export interface Writer {
  readonly closed: boolean;
  /** Carry out what was asked: appends to one topic, and commits, share one transaction each. */
  handle(envelopes: readonly Envelope[]): void;
}

export function createWriter(options: WriterOptions, send: (replies: readonly Reply[]) => void): Writer {
  const { logDir, leaseMs } = options;
  const channel = new BroadcastChannel(options.channel);
  const announce = (wakeup: Wakeup): void => channel.postMessage(wakeup);
  const topics = createTopicStores(logDir);
  const groups = createGroups({
    logDir,
    leaseMs,
    partitionsOf: topics.partitionsOf,
    changed: (assignment) => send([{ kind: 'assignment', ...assignment }]),
    announce: (group) => announce({ regrouped: group }),
  });
  channel.onmessage = (message) => {
    const wakeup = (message as { data: Wakeup }).data;
    if ('regrouped' in wakeup) groups.regrouped(wakeup.regrouped);
  };
  const retention = setInterval(topics.retain, options.retentionCheckMs);
  let closed = false;

  /** What is asked one by one. */
  const carryOut: { readonly [K in Exclude<Request['kind'], 'append' | 'commit'>]: (asked: Of<K>) => unknown } = {
    ensure({ topics: specs }) {
      for (const spec of specs) createTopicFile(logDir, spec);
    },
    join: (asked) => groups.join(asked, asked.topics),
    release: (asked) => groups.release(asked, asked.partitions),
    leave: (asked) => groups.leave(asked),
    committed: ({ group, topics: names }) => groups.committed(group, names),
    close() {
      clearInterval(retention);
      groups.close();
      channel.close();
      topics.close();
      closed = true;
    },
  };
  const commitAll = (commits: readonly Of<'commit'>[]): [] => {
    groups.commit(commits);
    return [];
  };

  return {
    get closed() {
      return closed;
    },
    handle(envelopes) {
      const appends = Map.groupBy(envelopes.filter(isA('append')), ({ topic }) => topic);
      const commits = envelopes.filter(isA('commit'));
      const replies: Reply[] = [];
      for (const [topic, same] of appends) replies.push(...answer(same, () => topics.append(topic, same.map(partsOf))));
      if (commits.length > 0) replies.push(...answer(commits, () => commitAll(commits)));
      for (const envelope of envelopes) {
        if (envelope.kind === 'append' || envelope.kind === 'commit') continue;
        replies.push(...answer([envelope], () => [carryOut[envelope.kind](envelope as never)]));
      }
      send(replies);
      if (appends.size > 0 && !closed) announce({ appended: [...appends.keys()] });
    },
  };
}

const partsOf = ({ parts }: Of<'append'>): readonly PackedPart[] => parts;

const isA =
  <K extends Request['kind']>(kind: K) =>
  (envelope: Envelope): envelope is Of<K> =>
    envelope.kind === kind;

/** The answer to each of `envelopes`, null where `work` gives none, or one reason why all failed. */
function answer(envelopes: readonly Envelope[], work: () => readonly unknown[]): Reply[] {
  try {
    const values = work();
    return envelopes.map(({ id }, i) => ({ kind: 'done', id, value: values[i] ?? null }));
  } catch (error) {
    const isDamage = isKenalError(error, 'data_damaged');
    const reason = isDamage ? error.detail : error instanceof Error ? error.message : String(error);
    return envelopes.map(({ id }) => ({ kind: 'failed', id, fault: { isDamage, reason } }));
  }
}
