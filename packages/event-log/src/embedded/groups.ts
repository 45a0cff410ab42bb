import { type GroupStore, openGroupStore } from './group-store.ts';
import { createHeart } from './heart.ts';
import type { Assignment, Membership } from './messages.ts';

/** The consumer groups of one opened log, with the hearts of this process's members. */
export interface Groups extends Pick<GroupStore, 'release' | 'leave' | 'commit' | 'committed'> {
  join(who: Membership, topics: readonly string[]): void;
  /** Somebody joined, left or gave partitions back: beat now for all members that live here. */
  regrouped(group: string): void;
  close(): void;
}

export interface GroupsOptions {
  readonly logDir: string;
  readonly leaseMs: number;
  readonly partitionsOf: (topic: string) => number;
  readonly changed: (assignment: Assignment) => void;
  /** Tell the other threads that a group has changed. */
  readonly announce: (group: string) => void;
}

export function createGroups({ logDir, leaseMs, partitionsOf, changed, announce }: GroupsOptions): Groups {
  let opened: GroupStore | null = null;
  const store = (): GroupStore => {
    opened ??= openGroupStore(logDir, leaseMs);
    return opened;
  };
  const heart = createHeart({
    everyMs: Math.max(20, Math.floor(leaseMs / 3)),
    beat: (who, topics) => store().beat(who, topics, Date.now(), partitionsOf),
    changed,
  });
  const regroup = (group: string): void => {
    heart.beatGroup(group);
    announce(group);
  };
  return {
    join(who, topics) {
      heart.add(who, topics);
      regroup(who.group);
    },
    release(who, partitions) {
      store().release(who, partitions);
      regroup(who.group);
    },
    leave(who) {
      heart.remove(who);
      store().leave(who);
      regroup(who.group);
    },
    commit: (commits) => store().commit(commits),
    committed: (group, topics) => store().committed(group, topics),
    regrouped: heart.beatGroup,
    close() {
      heart.stop();
      opened?.close();
    },
  };
}
