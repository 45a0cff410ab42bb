import type { Logger } from '@kenal/service-kit';
import type { Audience } from './audience.ts';
import type { AskGuard } from './erased.ts';
import type { Ring } from './ring.ts';

/** One of an audience who has seen all that the others have. */
export interface Member {
  /**
   * @param bytes null: nothing was for them
   * @param to number of the first change after it
   * @returns false: they take no more for now, and are no member any longer
   */
  take(bytes: Buffer | null, to: number): boolean;
  /** They are no member any longer: the ring has left all behind. */
  drop(): void;
}

/** Those of an audience who are at the newest change: each chunk is made once and handed to all of them. */
export interface Crowd {
  /** Number of the next change that is handed out; null while there is nobody. */
  readonly number: number | null;
  /** @param number that of the crowd, where there is somebody */
  join(member: Member, number: number): void;
  leave(member: Member): void;
  /** There is more in the ring. */
  onMore(): void;
}

const AGAIN_MS = 500;

export function createCrowd(audience: Audience, ring: Ring, ask: AskGuard, logger: Logger): Crowd {
  const members = new Set<Member>();
  let number = 0;
  let isHanding = false;

  async function handOut(): Promise<void> {
    isHanding = true;
    try {
      const guard = await ask(audience.workspace);
      // Without a pause from here on: who looks at the number sees it at a chunk's end
      while (members.size > 0 && number < ring.end) {
        if (number < ring.first) return dropAll();
        const { bytes, to } = audience.chunk(ring, number, guard);
        number = to;
        for (const member of members) if (!member.take(bytes, to)) members.delete(member);
      }
    } finally {
      isHanding = false;
    }
  }

  function dropAll(): void {
    const all = [...members];
    members.clear();
    for (const member of all) member.drop();
  }

  function onMore(): void {
    if (isHanding || members.size === 0) return;
    handOut().catch((err: unknown) => {
      logger.warn({ err }, 'the log does not answer, who follows changes waits');
      setTimeout(onMore, AGAIN_MS).unref();
    });
  }

  return {
    get number() {
      return members.size === 0 ? null : number;
    },
    join(member, at) {
      members.add(member);
      number = at;
      if (number < ring.end) onMore();
    },
    leave: (member) => void members.delete(member),
    onMore,
  };
}
