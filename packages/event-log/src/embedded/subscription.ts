import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SubscribeOptions, Subscription } from '@kenal/contracts';
import { createDeliveries, type DeliveriesDeps, nameOf } from './deliveries.ts';
import type { Assignment } from './messages.ts';
import type { WriterLink } from './writer-link.ts';

interface Deps extends DeliveriesDeps {
  readonly link: WriterLink;
}

/** A subscription that can be told that records came. */
export interface EmbeddedSubscription extends Subscription {
  wake(topic: string): void;
}

const RETRY_ASSIGNMENT_MS = 200;

/** Join the group; partitions come and go with the assignments that the writer thread reports. */
export async function subscribeEmbedded(options: SubscribeOptions, deps: Deps): Promise<EmbeddedSubscription> {
  const { link } = deps;
  const who = { group: options.group, member: `${Date.now().toString(36)}-${randomUUID()}` };
  const onError = options.onError ?? (() => {});
  const deliveries = createDeliveries(options, deps);
  let latest: Assignment | null = null;
  let settling: Promise<void> | null = null;
  let stopped = false;

  /** Make the deliveries agree with an assignment; where it fails, the next round tries again. */
  const settle = async ({ owned, toRelease }: Assignment): Promise<void> => {
    const kept = new Set(owned.map(nameOf));
    await deliveries.close(deliveries.all().filter((one) => !kept.has(nameOf(one))));
    await deliveries.close(toRelease);
    if (toRelease.length > 0) await link.request<'release'>({ kind: 'release', ...who, partitions: toRelease });
    const released = new Set(toRelease.map(nameOf));
    const added = owned.filter((one) => !released.has(nameOf(one)) && !deliveries.has(one));
    if (added.length > 0) await deliveries.open(added);
  };
  const settleAll = async (): Promise<void> => {
    while (latest !== null && !stopped) {
      const assignment = latest;
      latest = null;
      try {
        await settle(assignment);
      } catch (error) {
        onError(error);
        latest ??= assignment;
        await sleep(RETRY_ASSIGNMENT_MS);
      }
    }
    settling = null;
  };
  const join = (): Promise<null> => link.request<'join'>({ kind: 'join', ...who, topics: options.topics });

  link.onMember(who.member, {
    assigned(assignment) {
      latest = assignment;
      settling ??= settleAll();
    },
    restarted: () => void join().catch(onError),
  });
  await join();

  return {
    wake(topic) {
      for (const delivery of deliveries.all()) if (delivery.topic === topic) delivery.wake();
    },
    async commit(positions) {
      const owned = positions.filter(deliveries.has);
      if (owned.length > 0) await link.request<'commit'>({ kind: 'commit', ...who, positions: owned });
    },
    rewind: deliveries.rewind,
    async stop() {
      if (stopped) return;
      stopped = true;
      await settling;
      await deliveries.close(deliveries.all());
      link.onMember(who.member, null);
      await link.request<'leave'>({ kind: 'leave', ...who });
    },
  };
}
