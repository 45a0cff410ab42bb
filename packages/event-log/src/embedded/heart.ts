import type { Assignment, Membership } from './messages.ts';

/** Keeps the leases of this log's members, and says when their partitions changed. */
export interface Heart {
  add(who: Membership, topics: readonly string[]): void;
  remove(who: Membership): void;
  /** Beat now for all members of the group: somebody joined, left or gave partitions back. */
  beatGroup(group: string): void;
  stop(): void;
}

interface Options {
  readonly everyMs: number;
  readonly beat: (who: Membership, topics: readonly string[]) => Assignment;
  readonly changed: (assignment: Assignment) => void;
}

interface Member {
  readonly who: Membership;
  readonly topics: readonly string[];
  /** What was last reported, as JSON. */
  told: string;
}

/**
 * Leases are kept by the writer thread, not by the thread that works: a long query there does not cost it its
 * partitions, and the death of the process ends both.
 */
export function createHeart({ everyMs, beat, changed }: Options): Heart {
  const members = new Map<string, Member>();

  const beatFor = (member: Member): void => {
    let assignment: Assignment;
    try {
      assignment = beat(member.who, member.topics);
    } catch {
      return; // The lease outlives two missed beats; where it does not, the next beat reports the loss.
    }
    const told = JSON.stringify(assignment);
    if (told === member.told) return;
    member.told = told;
    changed(assignment);
  };
  const timer = setInterval(() => {
    for (const member of members.values()) beatFor(member);
  }, everyMs);

  return {
    add: (who, topics) => members.set(who.member, { who, topics, told: '' }),
    remove: ({ member }) => members.delete(member),
    beatGroup(group) {
      for (const member of members.values()) if (member.who.group === group) beatFor(member);
    },
    stop: () => clearInterval(timer),
  };
}
