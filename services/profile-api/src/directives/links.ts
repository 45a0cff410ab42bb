import { type DirectivePair, parseKey } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { type Draft, draftOf } from './draft.ts';
import { pairOf } from './pairs.ts';

/** Links that a model of the probabilistic pass made; identifiers are normalised already. */
export interface GivenLinks {
  readonly model: string;
  readonly pairs: readonly {
    readonly a: string;
    readonly b: string;
    readonly weight: number;
    readonly detail: string;
  }[];
}

/** @throws KenalError `bad_directive` */
export function linksDraft({ model, pairs }: GivenLinks): Draft {
  return draftOf('linkage', { model, pairs: pairs.map(linkOf) });
}

function linkOf({ a, b, weight, detail }: GivenLinks['pairs'][number]): DirectivePair {
  for (const key of [a, b])
    if (parseKey(key) === null)
      throw new KenalError('bad_directive', `${JSON.stringify(key)} is no identifier; write type:value, normalised`);
  if (a === b) throw new KenalError('bad_directive', `both ends are ${a}: name two identifiers`);
  return { ...pairOf(a, b, 'link'), weight, detail };
}
