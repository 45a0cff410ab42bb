import type { Directive, DirectivePair } from '@kenal/contracts';
import { columnsOf, createRowEncoder, writeList, writeNullable } from '@kenal/warehouse';

/** A directive and its place in the topic. */
export interface DirectiveRow {
  readonly directive: Directive;
  readonly offset: number;
}

const { text, word, moment, uint32, uint64, column } = columnsOf<DirectiveRow>();
const PAIRS = 'Array(Tuple(a String, b String, verb String, weight Nullable(Float64)))';

/** Rows of `kenal.directive_rows`. Of an erasure the hashes are counted only: nobody but the resolver can read them. */
export const directiveRows = createRowEncoder<DirectiveRow>([
  word('workspace', ({ directive }) => directive.workspace),
  text('source', ({ directive }) => directive.source),
  text('directive_id', ({ directive }) => directive.id),
  moment('issued_at', ({ directive }) => directive.issuedAt),
  word('kind', ({ directive }) => directive.kind),
  text('actor', ({ directive }) => directive.actor),
  text('reason', ({ directive }) => directive.reason),
  column('pairs', PAIRS, (writer, { directive }) =>
    writeList<DirectivePair>(writer, directive.pairs, (_, { a, b, verb, weight }) => {
      for (const part of [a, b, verb]) writer.text(part);
      writeNullable(writer, weight, (inner, value) => inner.float64(value));
    }),
  ),
  text('profile_id', ({ directive }) => directive.profileId),
  uint32('erased', ({ directive }) => directive.erased.length),
  text('owner', ({ directive }) => directive.consent?.owner ?? null),
  text('purpose', ({ directive }) => directive.consent?.purpose ?? null),
  column('granted', 'Nullable(Bool)', (writer, { directive }) =>
    writeNullable(writer, directive.consent, (inner, { granted }) => inner.byte(granted ? 1 : 0)),
  ),
  text('document', ({ directive }) => directive.document),
  text('model', ({ directive }) => directive.model),
  uint64('log_offset', ({ offset }) => offset),
]);
