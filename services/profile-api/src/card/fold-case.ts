import { compareKeys } from '@kenal/identity';

/** What one event says of its case: columns of `kenal.interactions`. */
export interface CaseEvent {
  readonly source: string;
  readonly case_id: string;
  readonly message_id: string;
  readonly profile_id: string;
  readonly channel: string;
  readonly team: string;
  readonly name: string;
  readonly priority: string;
  readonly status: string;
  readonly conversation_id: string;
  /** Microseconds. */
  readonly occurred: number;
}

export interface FoldedCase {
  readonly source: string;
  readonly id: string;
  readonly profile: string;
  readonly channel: string;
  readonly team: string;
  readonly priority: string;
  readonly status: string;
  readonly conversation: string;
  /** Microseconds; null where only its solution is known. */
  readonly opened: number | null;
  readonly isOpen: boolean;
  readonly reopened: number;
}

/** Events that turn a case: open it (1), solve it (-1), or do neither. */
const TURNS = {
  'Case Opened': 1,
  'Case Reopened': 1,
  'Dispute Opened': 1,
  'Case Updated': 0,
  'Dispute Updated': 0,
  'Case Resolved': -1,
  'Dispute Closed': -1,
} as const;

export const CASE_EVENTS = Object.keys(TURNS);

/**
 * One case as view `cases` has it, from its events: for who reads a few cases at a time (as `../orders/fold-order.ts`).
 * @param events all of one (source, case), at least one, in any order
 */
export function foldCase(events: readonly CaseEvent[]): FoldedCase {
  const inTime = events.toSorted((a, b) => a.occurred - b.occurred || compareKeys(a.message_id, b.message_id));
  const first = inTime[0]!;
  const last = (of: 'team' | 'priority' | 'status'): string => inTime.findLast((event) => event[of] !== '')?.[of] ?? '';
  const turns = turnsOf(events);
  return {
    ...{ source: first.source, id: first.case_id, channel: first.channel, ...turns },
    profile: inTime.find(({ profile_id }) => profile_id !== '')?.profile_id ?? '',
    ...{ team: last('team'), priority: last('priority'), status: last('status') },
    conversation: inTime.find(({ conversation_id }) => conversation_id !== '')?.conversation_id ?? '',
  };
}

/** Open from its first event that is no solution (its beginning may not be stored) until it is solved, and again once reopened. */
function turnsOf(events: readonly CaseEvent[]): Pick<FoldedCase, 'opened' | 'isOpen' | 'reopened'> {
  const turnOf = ({ name }: CaseEvent): number => TURNS[name as keyof typeof TURNS] ?? 1;
  const steps = events.toSorted(
    (a, b) => a.occurred - b.occurred || turnOf(a) - turnOf(b) || compareKeys(a.message_id, b.message_id),
  );
  let isOpen = false;
  const opened: number[] = [];
  for (const [i, event] of steps.entries()) {
    const turn = i === 0 && turnOf(event) === 0 ? 1 : turnOf(event);
    if (turn === 1 && !isOpen) opened.push(event.occurred);
    if (turn !== 0) isOpen = turn === 1;
  }
  return { opened: opened[0] ?? null, isOpen, reopened: Math.max(0, opened.length - 1) };
}
