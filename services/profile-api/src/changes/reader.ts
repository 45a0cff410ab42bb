import type { ErasedGuard } from '@kenal/identity';
import { type Audience, CHUNK_BYTES } from './audience.ts';
import { type Backlog, type BacklogDeps, createBacklog } from './backlog.ts';
import { covers, cursorOf, furthest, type Positions } from './positions.ts';
import type { Ring } from './ring.ts';

export interface Next {
  /** Some 64 KB at most, but for one change that is larger; null: nothing of what was read is for this audience. */
  readonly bytes: Buffer | null;
  /** Ask again at once. */
  readonly isMore: boolean;
}

/** Where one who follows stands, and what comes next for them. */
export interface ChangeReader {
  /** Cursor of where it stands. */
  readonly cursor: string;
  /** Number of the next change of the ring for one who has seen just what lies before it; else null. */
  readonly number: number | null;
  /** All before this number was sent by others. */
  jump(number: number): void;
  /** @throws KenalError `cursor_gone`, `log_unavailable` */
  next(guard: ErasedGuard): Promise<Next>;
  /** Keep nothing in memory for one who does not take what was sent. */
  forget(): void;
}

/** Before the ring, in the log; in the ring, but in some partition ahead of it; or where everybody else is. */
type Place =
  | { readonly kind: 'log'; readonly backlog: Backlog }
  | { readonly kind: 'ahead'; readonly seen: Positions; reached: Positions; number: number }
  | { readonly kind: 'ring'; reached: Positions; number: number };

/** @param from how far they are; null: with the newest change of the ring */
export function createChangeReader(
  deps: BacklogDeps,
  ring: Ring,
  audience: Audience,
  from: Positions | null,
): ChangeReader {
  let place: Place = from === null ? { kind: 'ring', reached: ring.reached, number: ring.end } : placeOf(from);

  function placeOf(seen: Positions): Place {
    if (!covers(seen, ring.before)) return { kind: 'log', backlog: createBacklog(deps, seen) };
    return { kind: 'ahead', seen, reached: ring.before, number: ring.first };
  }

  function positions(): Positions {
    if (place.kind === 'log') return place.backlog.positions;
    return place.kind === 'ahead' ? furthest(place.seen, place.reached) : place.reached;
  }

  async function fromLog(backlog: Backlog, guard: ErasedGuard): Promise<Next> {
    const parts = createParts();
    await backlog.read(ring.before, (entry, reached) => {
      if (entry.change.workspace === audience.workspace) parts.add(audience.bytesOf(entry, cursorOf(reached), guard));
      return !parts.isFull();
    });
    if (covers(backlog.positions, ring.before)) {
      backlog.forget();
      place = placeOf(backlog.positions);
    }
    return { bytes: parts.join(), isMore: true };
  }

  function fromAhead(now: Extract<Place, { kind: 'ahead' }>, guard: ErasedGuard): Next {
    const parts = createParts();
    for (; now.number < ring.end && !parts.isFull(); now.number += 1) {
      const placed = ring.at(now.number);
      now.reached = placed.reached;
      if (placed.offset < now.seen[placed.partition]! || placed.change.workspace !== audience.workspace) continue;
      parts.add(audience.bytesOf(placed, cursorOf(positions()), guard));
    }
    if (now.number === ring.end) now.reached = ring.reached;
    const isLevel = covers(now.reached, now.seen);
    if (isLevel) place = { kind: 'ring', reached: now.reached, number: now.number };
    return { bytes: parts.join(), isMore: isLevel || now.number < ring.end };
  }

  function fromRing(now: Extract<Place, { kind: 'ring' }>, guard: ErasedGuard): Next {
    const { bytes, to } = audience.chunk(ring, now.number, guard);
    jump(to);
    return { bytes, isMore: to < ring.end };
  }

  function jump(number: number): void {
    if (place.kind !== 'ring' || number <= place.number) return;
    // At the end also past what took no place in the ring
    place.reached = number === ring.end ? ring.reached : ring.at(number - 1).reached;
    place.number = number;
  }

  return {
    get cursor() {
      return cursorOf(positions());
    },
    get number() {
      return place.kind === 'ring' ? place.number : null;
    },
    jump,
    async next(guard) {
      // The ring has moved on without them
      if (place.kind !== 'log' && place.number < ring.first) place = placeOf(positions());
      if (place.kind === 'log') return fromLog(place.backlog, guard);
      return place.kind === 'ahead' ? fromAhead(place, guard) : fromRing(place, guard);
    },
    forget() {
      if (place.kind === 'log') place.backlog.forget();
    },
  };
}

/** Gathers the bytes of a chunk. */
function createParts() {
  const parts: Buffer[] = [];
  let size = 0;
  return {
    add(bytes: Buffer | null): void {
      if (bytes === null) return;
      parts.push(bytes);
      size += bytes.length;
    },
    isFull: () => size >= CHUNK_BYTES,
    join: () => (parts.length === 0 ? null : Buffer.concat(parts)),
  };
}
