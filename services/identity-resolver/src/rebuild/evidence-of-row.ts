import { evidenceOf, type InteractionEvidence, type WorkspaceRules } from '@kenal/identity';
import type { EvidenceRow } from './evidence-source.ts';

/**
 * What a row says about who is who: the same that its interaction said when it came, in all its copies. Of an event that
 * has no time of its own the first and the last copy are the ends of all of them.
 */
export function evidenceOfRow(row: EvidenceRow, workspace: WorkspaceRules): InteractionEvidence[] {
  const { rules, normaliserOf, isErased } = workspace;
  const { identifiers, firstAt, lastAt } = row;
  const normalised = normaliserOf(row.source)(identifiers);
  const keys = normalised.identifiers.map(({ key }) => key);
  const copies =
    firstAt === 0 ? [row] : (firstAt === lastAt ? [firstAt] : [firstAt, lastAt]).map((at) => copyOf(row, at));
  return copies
    .filter(({ receivedAt }) => !isErased(keys, { clientAt: row.clientAt, receivedAt }))
    .flatMap((copy) => evidenceOf(copy, normalised, rules) ?? []);
}

function copyOf(row: EvidenceRow, at: number): EvidenceRow {
  return { ...row, clientAt: null, receivedAt: at, occurredAt: at };
}
