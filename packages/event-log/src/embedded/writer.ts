import { BroadcastChannel } from 'node:worker_threads';
import { type GroupStore, openGroupStore } from './group-store.ts';
import { createHeart } from './heart.ts';
import type { Answers, Envelope, Membership, PackedPart, Reply, Request, Wakeup, WriterOptions } from './messages.ts';
import { createTopicFile, openTopicStore, type TopicStore } from './topic-store.ts';

type Of<K extends Request['kind']> = Extract<Envelope, { kind: K }>;

/** All that writes to the files of one opened log, synchronously; lives in the writer thread. */
export interface Writer {
  readonly closed: boolean;
  /** Carry out what was asked: appends to one topic, and commits, share one transaction each. */
  handle(envelopes: readonly Envelope[]): void;
}

export function createWriter(options: WriterOptions, send: (replies: readonly Reply[]) => void): Writer {
  const topics = new Map<string, TopicStore>();
  const channel = new BroadcastChannel(options.channel);
  let groups: GroupStore | null = null;
  let closed = false;
  let replies: Reply[] = [];

  const groupStore = (): GroupStore => {
    groups ??= openGroupStore(options.logDir, options.leaseMs);
    return groups;
  };
  const topicStore = (name: string): TopicStore | null => {
    const known = topics.get(name) ?? openTopicStore(options.logDir, name);
    if (known !== null) topics.set(name, known);
    return known;
  };
  const announce = (wakeup: Wakeup): void => channel.postMessage(wakeup);
  const heart = createHeart({
    everyMs: Math.max(20, Math.floor(options.leaseMs / 3)),
    beat: (who, names) => groupStore().beat(who, names, Date.now(), (name) => topicStore(name)?.partitions ?? 0),
    changed: (assignment) => send([{ kind: 'assignment', ...assignment }]),
  });
  channel.onmessage = (message) => {
    const wakeup = (message as { data: Wakeup }).data;
    if ('regrouped' in wakeup) heart.beatGroup(wakeup.regrouped);
  };
  const retention = setInterval(() => {
    for (const store of topics.values()) attempt(() => store.retain(Date.now()));
  }, options.retentionCheckMs);

  /** One answer for all of `envelopes`, or one reason why all failed. */
  const answer = <K extends Request['kind']>(envelopes: readonly Of<K>[], work: () => readonly Answers[K][]): void => {
    try {
      const values = work();
      for (const [i, { id }] of envelopes.entries()) replies.push({ kind: 'done', id, value: values[i] });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      for (const { id } of envelopes) replies.push({ kind: 'failed', id, reason });
    }
  };
  const regroup = (group: string): void => {
    heart.beatGroup(group);
    announce({ regrouped: group });
  };
  const close = (): null => {
    clearInterval(retention);
    heart.stop();
    channel.close();
    for (const store of topics.values()) store.close();
    groups?.close();
    closed = true;
    return null;
  };
  const single = (envelope: Envelope): void => {
    const who = envelope as unknown as Membership;
    answer([envelope], () => {
      switch (envelope.kind) {
        case 'ensure':
          for (const spec of envelope.topics) createTopicFile(options.logDir, spec);
          return [null];
        case 'join':
          heart.add(who, envelope.topics);
          regroup(envelope.group);
          return [null];
        case 'release':
          groupStore().release(who, envelope.partitions);
          regroup(envelope.group);
          return [null];
        case 'leave':
          heart.remove(who);
          groupStore().leave(who);
          regroup(envelope.group);
          return [null];
        case 'committed':
          return [groupStore().committed(envelope.group, envelope.topics)];
        default:
          return [close()];
      }
    });
  };

  return {
    get closed() {
      return closed;
    },
    handle(envelopes) {
      replies = [];
      const appends = Map.groupBy(
        envelopes.filter((envelope): envelope is Of<'append'> => envelope.kind === 'append'),
        ({ topic }) => topic,
      );
      for (const [topic, same] of appends) answer<'append'>(same, () => appendAll(topicStore(topic), topic, same));
      const commits = envelopes.filter((envelope): envelope is Of<'commit'> => envelope.kind === 'commit');
      if (commits.length > 0) {
        answer<'commit'>(commits, () => {
          groupStore().commit(commits);
          return commits.map(() => null);
        });
      }
      for (const envelope of envelopes) if (envelope.kind !== 'append' && envelope.kind !== 'commit') single(envelope);
      send(replies);
      if (appends.size > 0 && !closed) announce({ appended: [...appends.keys()] });
    },
  };
}

function appendAll(store: TopicStore | null, topic: string, appends: readonly Of<'append'>[]): number[][] {
  if (store === null) throw new Error(`topic ${topic} does not exist`);
  const bases = store.append(
    appends.flatMap((append): readonly PackedPart[] => append.parts),
    Date.now(),
  );
  let at = 0;
  return appends.map(({ parts }) => {
    at += parts.length;
    return bases.slice(at - parts.length, at);
  });
}

/** Housekeeping that may be tried again later: a busy or full disk is not a reason to stop writing. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The next round tries again; appends report their own faults.
  }
}
