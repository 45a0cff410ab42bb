import type { Contribution } from '@kenal/identity/linkage';
import type { Door, DoorLink } from '../../door.ts';
import type { Suspect } from './judge-pairs.ts';

/** Links that one directive carries, and their bytes as JSON: a record of the log has a limit. */
const MOST_LINKS = 500;
const MOST_BYTES = 400_000;

export type SubmitLinks = (
  workspace: string,
  model: string,
  pairs: readonly Suspect[],
  reason: string,
) => Promise<void>;

/** Hand links in, as many at once as a directive can carry. */
export function createSubmitLinks(door: Door): SubmitLinks {
  return async function submitLinks(workspace, model, pairs, reason) {
    let [batch, bytes]: [DoorLink[], number] = [[], 0];
    const send = async (): Promise<void> => {
      if (batch.length > 0) await door.links(workspace, model, batch, reason);
      [batch, bytes] = [[], 0];
    };
    for (const pair of pairs) {
      const link = linkOf(pair);
      const size = Buffer.byteLength(JSON.stringify(link));
      if (batch.length >= MOST_LINKS || bytes + size > MOST_BYTES) await send();
      batch.push(link);
      bytes += size;
    }
    await send();
  };
}

function linkOf({ a, b, score, waterfall }: Suspect): DoorLink {
  return { a: a.owner, b: b.owner, weight: rounded(score), detail: JSON.stringify(bitsByField(waterfall)) };
}

/** `{"prior":-12.3,"given_name":6.6}`: what speaks for one person and against, without anybody's values. */
function bitsByField(waterfall: readonly Contribution[]): Record<string, number> {
  const bits: Record<string, number> = {};
  for (const { field, bits: own } of waterfall) bits[field] = rounded((bits[field] ?? 0) + own);
  return bits;
}

/** Two machines may differ in the last digits of a logarithm. */
function rounded(bits: number): number {
  return Math.round(bits * 1_000) / 1_000;
}
