import { type ChangeEnvelope, type ChangeFilter, matches } from '@kenal/contracts';
import { type ErasedGuard, envelopeShown, SHOWN } from '@kenal/identity';
import type { Lens } from '../profiles/lens.ts';
import type { FeedEntry } from './entry.ts';
import type { Format } from './format.ts';
import type { Ring } from './ring.ts';
import { changeThrough } from './through.ts';

/** Those who get the same bytes: one workspace, one sight of profiles, one filter, one format. */
export interface Audience {
  readonly workspace: string;
  readonly format: Format;
  /** @returns what its members are sent of a change; null: nothing */
  bytesOf(entry: FeedEntry, cursor: string, guard: ErasedGuard): Buffer | null;
  /** The changes of the ring from a number on, as many as make a chunk; made once for all who ask for the same. */
  chunk(ring: Ring, from: number, guard: ErasedGuard): Chunk;
}

export interface Chunk {
  /** null: nothing in it is for this audience. */
  readonly bytes: Buffer | null;
  /** Number of the first change after it. */
  readonly to: number;
}

export interface AudienceOptions {
  readonly workspace: string;
  readonly format: Format;
  readonly filter: ChangeFilter;
  readonly lens: Lens;
  /** Equal for those with an equal lens. */
  readonly lensName: string;
}

export const CHUNK_BYTES = 64 * 1024;
/** Members stand at most at so many different places at once, but for a few stragglers. */
const KEPT_CHUNKS = 4;

export function createAudience({ workspace, format, filter, lens, lensName }: AudienceOptions): Audience {
  const chunks = new Map<number, Chunk & { readonly guard: ErasedGuard; readonly ring: Ring }>();

  /** JSON of a change that its members want: made once for all who see profiles alike, whatever their filters. */
  function wanted(entry: FeedEntry): Buffer | null {
    const seen = changeThrough(entry.envelope, lens);
    if (!matches(filter, seen)) return null;
    const json = entry.made.get(lensName) ?? jsonOf(seen);
    entry.made.set(lensName, json);
    return json;
  }

  function shownJson(entry: FeedEntry, guard: ErasedGuard): Buffer | null {
    const shown = guard.shown(entry.change);
    if (shown === SHOWN.whole) return wanted(entry);
    const envelope = envelopeShown(entry.envelope, shown);
    if (envelope === null) return null;
    const seen = changeThrough(envelope, lens);
    return matches(filter, seen) ? jsonOf(seen) : null;
  }

  function bytesOf(entry: FeedEntry, cursor: string, guard: ErasedGuard): Buffer | null {
    if (entry.change.workspace !== workspace) return null;
    const json = shownJson(entry, guard);
    if (json === null) return null;
    const { head, tail } = format.around(cursor);
    return Buffer.concat([Buffer.from(head), json.subarray(0, json.length - format.cut), Buffer.from(tail)]);
  }

  function make(ring: Ring, from: number, guard: ErasedGuard): Chunk {
    const parts: Buffer[] = [];
    let size = 0;
    let to = from;
    for (; to < ring.end && size < CHUNK_BYTES; to += 1) {
      const placed = ring.at(to);
      if (placed.change.workspace !== workspace) continue; // no cursor is made for nobody
      const bytes = bytesOf(placed, placed.cursor, guard);
      if (bytes === null) continue;
      parts.push(bytes);
      size += bytes.length;
    }
    return { bytes: parts.length === 0 ? null : Buffer.concat(parts), to };
  }

  return {
    ...{ workspace, format, bytesOf },
    chunk(ring, from, guard) {
      const known = chunks.get(from);
      if (known?.guard === guard && known.ring === ring) return known;
      const chunk = make(ring, from, guard);
      if (chunk.to === from) return chunk; // there may be more the next time
      chunks.delete(from);
      chunks.set(from, { ...chunk, guard, ring });
      for (const oldest of chunks.keys()) {
        if (chunks.size <= KEPT_CHUNKS) break;
        chunks.delete(oldest);
      }
      return chunk;
    },
  };
}

function jsonOf(envelope: ChangeEnvelope): Buffer {
  return Buffer.from(JSON.stringify(envelope));
}
