import type { AutomaticReason } from './mail.ts';

export interface AutomaticSigns {
  readonly value: (header: string) => string | null;
  /** Address of the author. */
  readonly from: string | null;
  readonly isList: boolean;
  readonly nullSender: boolean;
}

const BULK = /^(?:bulk|junk|auto_reply)\b/i;
const DAEMON = /^(?:mailer-daemon|mail-daemon|mailerdaemon|postmaster)@/i;

/**
 * Why a mail counts as written by no person (RFC 3834 and what programs did before it); null: a person wrote it.
 * `Precedence: list` on a list that names itself says nothing of whoever wrote to it.
 */
export function automaticReason({ value, from, isList, nullSender }: AutomaticSigns): AutomaticReason | null {
  const submitted = value('auto-submitted');
  if (submitted !== null && !/^(?:no\b|$)/i.test(submitted)) return 'auto_submitted';
  const precedence = value('precedence') ?? '';
  if (BULK.test(precedence) || (/^list\b/i.test(precedence) && !isList)) return 'precedence';
  const suppress = value('x-auto-response-suppress');
  if (suppress !== null && !/^(?:none\b|$)/i.test(suppress)) return 'auto_response_suppress';
  if (['x-autoreply', 'x-autorespond', 'x-auto-reply'].some((name) => !/^(?:no\b|$)/i.test(value(name) ?? '')))
    return 'auto_reply';
  if (from !== null && DAEMON.test(from)) return 'mailer_daemon';
  if (nullSender || value('return-path') === '<>') return 'null_sender';
  // A newsletter; a list that people write to has a way to leave it too
  if (value('list-unsubscribe') !== null && !isList) return 'list_unsubscribe';
  return null;
}
