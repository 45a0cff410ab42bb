import { KenalError } from '@kenal/errors';

/** A request that takes room. */
export interface Visit {
  /** It has shown a key of ours. */
  readonly isKnown: boolean;
  /** In hand for it. */
  bytes: number;
  /** Refuses it; null unless its body is still arriving. */
  giveWay: ((error: KenalError) => void) | null;
}

/**
 * Room for the bytes in hand. Where there is no more of it, bodies that are still arriving give way: strangers before those
 * who are known, and among them who came first, so whoever sends slowly to fill the room is pushed out by those who do not.
 */
export interface Room {
  /** @param announced bytes that it will bring @throws KenalError `overloaded` where whole bodies leave no room for them */
  enter(visit: Visit, announced: number): void;
  /** @throws KenalError `overloaded` where nobody else gives way to it */
  hold(visit: Visit, bytes: number): void;
  /** Its body is whole, or is read no further. */
  settle(visit: Visit): void;
  leave(visit: Visit): void;
}

/** @param limit bytes @param waiting bytes that wait elsewhere for the same log */
export function createRoom(limit: number, waiting: () => number): Room {
  const visits = new Set<Visit>(); // in the order in which they came
  let whole = 0;
  let arriving = 0;

  function add(visit: Visit, bytes: number): void {
    if (visit.giveWay === null) whole += bytes;
    else arriving += bytes;
    visit.bytes += bytes;
  }

  function settle(visit: Visit): void {
    const { bytes } = visit;
    add(visit, -bytes);
    visit.giveWay = null;
    add(visit, bytes);
  }

  function firstFor(newcomer: Visit): Visit | null {
    let first: Visit | null = null;
    for (const visit of visits) {
      if (visit.giveWay === null || visit.bytes === 0) continue;
      if (!visit.isKnown) return visit;
      if (newcomer.isKnown) first ??= visit;
    }
    return first;
  }

  return {
    enter(visit, announced) {
      if (whole + waiting() + announced > limit) throw new KenalError('overloaded');
      visits.add(visit);
    },
    hold(visit, bytes) {
      if (!visits.has(visit)) return; // the client is gone: nobody would give the room back
      while (whole + arriving + waiting() + bytes > limit) {
        const first = firstFor(visit);
        if (first === null || first === visit) throw new KenalError('overloaded');
        const { giveWay } = first;
        add(first, -first.bytes);
        settle(first);
        giveWay?.(new KenalError('overloaded'));
      }
      add(visit, bytes);
    },
    settle,
    leave(visit) {
      if (visits.delete(visit)) add(visit, -visit.bytes);
    },
  };
}
