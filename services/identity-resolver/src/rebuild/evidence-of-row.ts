import type { Identifier, IdentifierKey } from '@kenal/contracts';
import { evidenceOf, type InteractionEvidence, type NormalisedIdentifiers, type WorkspaceRules } from '@kenal/identity';
import type { EvidenceRow } from './evidence-source.ts';

/** A row by the rules of today. */
export interface RowReading {
  /** The same that its interaction says when it comes, in all its copies. */
  readonly evidence: readonly InteractionEvidence[];
  /** What the row should say; null where it does. */
  readonly owned: OwnedRow | null;
}

/** Whose an interaction is. */
export interface OwnedRow {
  readonly source: string;
  readonly id: string;
  /** '' = nobody's. */
  readonly owner: IdentifierKey | '';
  /** Valid ones, strongest first. */
  readonly identifiers: readonly Identifier[];
}

/** Read a row anew. Of an event that has no time of its own the first and the last copy are the ends of all of them. */
export function readRow(row: EvidenceRow, workspace: WorkspaceRules): RowReading {
  const { rules, normaliserOf, isErased } = workspace;
  const normalised = normaliserOf(row.source)(row.identifiers);
  const keys = normalised.identifiers.map(({ key }) => key);
  const evidence = copiesOf(row)
    .filter(({ receivedAt }) => !isErased(keys, { clientAt: row.clientAt, receivedAt }))
    .flatMap((copy) => evidenceOf(copy, normalised, rules) ?? []);
  return { evidence, owned: ownedAnew(row, normalised) };
}

function copiesOf(row: EvidenceRow): EvidenceRow[] {
  const { firstAt, lastAt } = row;
  if (firstAt === 0) return [row];
  return (firstAt === lastAt ? [firstAt] : [firstAt, lastAt]).map((at) => copyOf(row, at));
}

function copyOf(row: EvidenceRow, at: number): EvidenceRow {
  return { ...row, clientAt: null, receivedAt: at, occurredAt: at };
}

function ownedAnew(
  { source, id, owner: former, valid }: EvidenceRow,
  { owner, identifiers }: NormalisedIdentifiers,
): OwnedRow | null {
  const isSame =
    owner === former &&
    identifiers.length === valid.length &&
    identifiers.every(({ type, value }, i) => type === valid[i]!.type && value === valid[i]!.value);
  if (isSame) return null;
  return { source, id, owner, identifiers: identifiers.map(({ type, value }) => ({ type, value })) };
}
