import type { Door, DoorLink } from '../../door.ts';
import type { KnownLinks } from './known-links.ts';
import type { FoundPairs } from './link-pairs.ts';
import type { Suggestions } from './suggestions.ts';

/**
 * What no longer holds under the model: its links get odds against them, its questions go.
 * @param known links of the model from before the pass. @returns how many
 */
export type WithdrawStale = (
  workspace: string,
  model: string,
  known: Awaited<ReturnType<KnownLinks>>,
  found: FoundPairs,
) => Promise<number>;

/** Log2 odds of a link that was taken back: in the cluster guard a pair that was never scored counts the same. */
const AGAINST = -1;
const AT_ONCE = 500;

export function createWithdrawStale(door: Pick<Door, 'links'>, suggestions: Suggestions): WithdrawStale {
  return async function withdrawStale(workspace, model, known, { sure, all }) {
    const stale = [...known]
      .filter(([name]) => !sure.has(name))
      .map(([, [a, b]]): DoorLink => ({ a, b, weight: AGAINST, detail: JSON.stringify({ withdrawn: AGAINST }) }));
    for (let from = 0; from < stale.length; from += AT_ONCE)
      await door.links(workspace, model, stale.slice(from, from + AT_ONCE), 'the records no longer say so');
    return stale.length + (await suggestions.withdraw(workspace, model, all));
  };
}
