import { areLinked } from '@kenal/identity';
import { explainInputOf } from '../profiles/explain.ts';
import type { ProfileReader } from '../profiles/reader.ts';
import type { Draft } from './draft.ts';
import type { Standing } from './standing.ts';

/** What whoever decides should know of it: that it changes nothing, or how far it goes; null where there is nothing to say. */
export type TellNote = (workspace: string, draft: Draft, standing: Standing) => Promise<string | null>;

export function createTellNote(reader: Pick<ProfileReader, 'pair'>): TellNote {
  async function onPair(workspace: string, draft: Draft, { on }: Standing): Promise<string | null> {
    const [pair, more] = draft.pairs;
    if (pair === undefined || more !== undefined) return null;
    const { a, b, verb } = pair;
    const before = on(a, b);
    if (verb === 'clear' && (before === null || before.verb === 'clear'))
      return `Nothing was decided of ${a} and ${b}, so there was nothing to take back.`;
    if (before?.verb === verb) return `That held already: ${before.actor} decided so (${before.reason}).`;
    if (verb !== 'revoke') return null;
    const both = await reader.pair(workspace, a, b);
    if (areLinked(explainInputOf(both), both[0].rules, a, b)) return null;
    return `${a} and ${b} have no link of their own, so nothing changes now; where they come together later, that counts as never seen. What links them, if anything, tells kenal identity explain.`;
  }

  return async function tellNote(workspace, draft, standing) {
    const { kind, source, profileId } = draft;
    if (kind === 'erase')
      return profileId === null
        ? 'No profile had it. Where others named it before now it is masked, and what happened before and comes later does not make a profile of it.'
        : null;
    if (source === null)
      return kind === 'must' || kind === 'unlink' || kind === 'revoke' || kind === 'clear'
        ? onPair(workspace, draft, standing)
        : null;
    const before = standing.sources.get(source);
    const isRevoked = before?.kind === 'revoke';
    if (kind === 'clear')
      return isRevoked ? null : `Source ${source} was not revoked, so there was nothing to take back.`;
    const held = isRevoked ? `That held already: ${before.actor} decided so (${before.reason}). ` : '';
    return `${held}It holds for what source ${source} says from now on as well, until kenal identity clear --source ${source}: bring a corrected file in under another source, or clear this one first.`;
  };
}
