import type { Draft, Visit } from '../visit.ts';

/** Share of contacts that are asked about, and answered for. */
const ANSWERED = 0.85;
const HOUR = 3_600;

type Who = Pick<Draft, 'anonymousId' | 'context' | 'carries'>;

/** @returns seconds until somebody has time: a few at once, a quarter after more than {@link PATIENCE} */
export function waitFor({ random }: Visit, usual: number): number {
  return random.chance(0.25) ? PATIENCE + 1 + random.exponential(60) : 3 + random.exponential(usual);
}

/** Who waits longer is served badly, seconds. */
export const PATIENCE = 60;

/**
 * How the customer liked to be served. @param isBad whether they waited too long: then the score is low, and they stay away
 * for a time, an effect for models to find
 * @param about conversation_id and agent_id of the contact
 */
export function answerSurvey(
  visit: Visit,
  after: number,
  isBad: boolean,
  about: Readonly<Record<string, string>>,
  who: Who,
): void {
  const { random, shopper } = visit;
  if (isBad) shopper.isAway = true;
  if (!random.chance(ANSWERED)) return;
  const isMoody = random.chance(0.05);
  const score = isBad !== isMoody ? random.int(1, 2) : random.pick([3, 4, 4, 5, 5, 5]);
  visit.emit({
    source: 'service',
    type: 'track',
    after: after + HOUR * (0.2 + random.exponential(2)),
    name: 'Survey Answered',
    properties: { survey: 'service', kind: 'csat', score, ...about },
    ...who,
  });
}
