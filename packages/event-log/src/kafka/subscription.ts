import { setTimeout as sleep } from 'node:timers/promises';
import type { LogPosition, SubscribeOptions, Subscription, TopicPartition } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { LogSink } from '../log-sink.ts';
import type { KafkaAdmin } from './admin.ts';
import { nameOf } from './assignment.ts';
import { type ClientOptions, createClient } from './client.ts';
import { joinGroup, type Member } from './member.ts';

interface Deps {
  readonly client: ClientOptions;
  readonly admin: KafkaAdmin;
  readonly logger: LogSink;
  readonly sessionTimeoutMs: number;
  /** A member that gets nothing for so long although there is something is made anew. */
  readonly stallMs: number;
}

const RESTART_MS = 500;

/** A member of the group for as long as the subscription lives: joins, and joins again after a crash or a stall. */
export function subscribeKafka(wanted: SubscribeOptions, deps: Deps): Subscription {
  const onError = wanted.onError ?? (() => {});
  const stopping = new AbortController();
  let member: Member | null = null;

  const standing = async (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> => {
    const starts = new Map<string, number>();
    for (const topic of new Set(partitions.map(({ topic }) => topic))) {
      for (const range of await deps.admin.ranges(topic)) starts.set(nameOf(range), range.earliest);
    }
    for (const position of await deps.admin.committed(wanted.group, wanted.topics)) {
      if (starts.has(nameOf(position))) starts.set(nameOf(position), position.offset);
    }
    return starts;
  };
  const live = async (): Promise<void> => {
    for (const topic of wanted.topics) {
      if ((await deps.admin.ranges(topic)).length === 0)
        throw new KenalError('log_unavailable', `topic ${topic} does not exist`);
    }
    const joined = await joinGroup({
      client: createClient(deps.client),
      wanted,
      sessionTimeoutMs: deps.sessionTimeoutMs,
      standing,
    });
    member = joined;
    try {
      throw await Promise.race([joined.crashed, stalled(joined)]);
    } finally {
      await joined.stop(); // what onRevoked commits still goes through this member
      member = null;
    }
  };
  /** Resolves with the reason when the member gets nothing although there is something to get. */
  const stalled = async (joined: Member): Promise<unknown> => {
    for (;;) {
      await sleep(deps.stallMs / 3, undefined, { signal: stopping.signal });
      if (member !== joined) return null; // it crashed meanwhile
      if (joined.silence() > deps.stallMs * 4) return new KenalError('log_unavailable', 'the consumer went silent');
      const behind = await lagging(joined).catch(() => null); // the broker is down: kafkajs knows that itself
      if (behind !== null) {
        deps.logger.warn({ group: wanted.group, partition: behind }, 'consumer stalled; joining the group again');
        return new KenalError('log_unavailable', `nothing came from ${behind}, though there is something`);
      }
    }
  };
  const lagging = async (joined: Member): Promise<string | null> => {
    const waiting = joined.waiting(deps.stallMs);
    if (waiting.length === 0) return null;
    const starts = await standing(waiting);
    const ends = new Map<string, number>();
    for (const topic of new Set(waiting.map(({ topic }) => topic))) {
      for (const range of await deps.admin.ranges(topic)) ends.set(nameOf(range), range.latest);
    }
    const still = new Set(joined.waiting(deps.stallMs).map(nameOf));
    const behind = waiting.find(
      (one) => still.has(nameOf(one)) && (one.next ?? starts.get(nameOf(one)) ?? 0) < (ends.get(nameOf(one)) ?? 0),
    );
    return behind === undefined ? null : nameOf(behind);
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await live();
      } catch (error) {
        if (stopping.signal.aborted) return;
        onError(error);
        await sleep(RESTART_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };
  const running = run();

  return {
    commit: async (positions: readonly LogPosition[]) => member?.commit(positions),
    rewind: async () => member?.rewind(),
    async stop() {
      const last = member;
      stopping.abort();
      await last?.stop();
      await running;
    },
  };
}
