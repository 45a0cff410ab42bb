import { AnswerError } from '../client/call.ts';
import type { Instance } from '../client/instance.ts';
import { sqlRows } from '../client/sql.ts';

/** The decision by which all that a source says counts as never seen. */
export interface Revocation {
  readonly directive: string;
  readonly actor: string;
  readonly reason: string;
}

interface LastWord extends Revocation {
  readonly kind: string;
}

const LAST_WORD = `SELECT kind, directive_id AS directive, actor, reason FROM directives
  WHERE source = {source:String} AND kind IN ('revoke', 'clear') ORDER BY issued_at DESC, directive_id DESC LIMIT 1`;

/** @returns null where the source is not revoked, or that cannot be told: its id is not known, or the key may not read */
export async function revocationOf(instance: Instance, source: string | undefined): Promise<Revocation | null> {
  if (source === undefined) return null;
  try {
    const [word] = await sqlRows<LastWord>(instance, LAST_WORD, { source });
    if (word?.kind !== 'revoke') return null;
    const { directive, actor, reason } = word;
    return { directive, actor, reason };
  } catch (error) {
    if (error instanceof AnswerError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

/** @param source id of the source */
export function revocationInWords({ directive, actor, reason }: Revocation, source: string): string {
  return (
    `source ${source} is revoked, so nobody gets a profile from these rows: ${actor} decided so (${reason}; ` +
    `directive ${directive}). kenal identity clear --source ${source} takes that back; or name another source with --source`
  );
}
