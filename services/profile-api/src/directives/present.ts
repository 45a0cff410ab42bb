import { type Directive, type DirectiveKind, formatTime, jsonPart, type PairVerb } from '@kenal/contracts';
import type { Issued } from './issue.ts';
import { type DirectiveView, MOST_SHOWN_PAIRS } from './schemas.ts';

/** A directive that was just issued. */
export function presentIssued({ directive, position }: Issued): DirectiveView {
  return {
    ...presentCommon(directive),
    ...{ id: directive.id, kind: directive.kind, issuedAt: formatTime(directive.issuedAt), actor: directive.actor },
    ...{ reason: directive.reason, source: directive.source, profileId: directive.profileId },
    ...{ erased: directive.erased.length, consent: directive.consent, model: directive.model, position },
  };
}

/** A row of kenal.directives; texts are empty where there is nothing, or where it may not be shown any more. */
export interface DirectiveRow {
  readonly directive_id: string;
  readonly issued: number;
  readonly kind: DirectiveKind;
  readonly actor: string;
  readonly reason: string;
  readonly pairs: readonly {
    readonly a: string;
    readonly b: string;
    readonly verb: PairVerb;
    readonly weight: number | null;
  }[];
  readonly pair_count: number;
  readonly source: string;
  readonly profile_id: string;
  readonly erased: number;
  readonly owner: string;
  readonly purpose: string;
  readonly granted: boolean | null;
  readonly document: string;
  readonly model: string;
  readonly log_offset: number;
}

export const DIRECTIVE_COLUMNS = [
  ...['directive_id', 'kind', 'actor', 'reason', `arraySlice(pairs, 1, ${MOST_SHOWN_PAIRS}) AS pairs`],
  ...['length(kenal.directives.pairs) AS pair_count', 'source', 'profile_id', 'erased', 'owner', 'purpose', 'granted'],
  ...['document', 'model', 'log_offset', 'toUnixTimestamp64Micro(issued_at) AS issued'],
].join(', ');

export function presentRow(row: DirectiveRow): DirectiveView {
  const { granted, purpose } = row;
  return {
    ...presentCommon(row),
    ...{ id: row.directive_id, kind: row.kind, issuedAt: formatTime(row.issued), actor: row.actor },
    ...{ reason: orNull(row.reason), source: orNull(row.source), profileId: orNull(row.profile_id) },
    ...{ erased: row.erased, model: orNull(row.model), position: row.log_offset, pairCount: row.pair_count },
    consent: granted === null ? null : { owner: orNull(row.owner), purpose, granted },
  };
}

function presentCommon({ pairs, document }: Pick<Directive | DirectiveRow, 'pairs' | 'document'>) {
  return {
    pairs: pairs
      .slice(0, MOST_SHOWN_PAIRS)
      .map(({ a, b, verb, weight }) => ({ a: orNull(a), b: orNull(b), verb, weight })),
    pairCount: pairs.length,
    document: document === null || document === '' ? null : jsonPart(document),
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
