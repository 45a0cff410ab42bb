import { AGREEMENTS, type ScoredPair, VETOES } from '@kenal/identity/linkage';

/** Why a pair that is more likely one person than not is asked about and not joined. */
export const DOUBTS = {
  ...VETOES,
  /** Less than 0.99. */
  probability: 'probability',
  /** What agrees is one kind of evidence, or a household's. */
  thin: 'thin',
  /** A document number or the like differs. */
  identifier: 'identifier',
  /** The others with whom they would be one person do not fit. */
  cluster: 'cluster',
  /** Both have an account. */
  accounts: 'accounts',
} as const;
export type Doubt = (typeof DOUBTS)[keyof typeof DOUBTS];

const SURE = 0.99;

/** @param together whether the whole cluster allows the pair @returns null where nothing speaks against joining the two */
export function doubtOf({ probability, veto, agreement, conflicts }: ScoredPair, together: boolean): Doubt | null {
  if (veto !== null) return veto;
  if (conflicts) return DOUBTS.identifier;
  if (probability < SURE) return DOUBTS.probability;
  if (agreement !== AGREEMENTS.sure) return DOUBTS.thin;
  return together ? null : DOUBTS.cluster;
}
