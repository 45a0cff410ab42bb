import type { Draft, Visit } from '../visit.ts';

const TOPICS = ['delivery', 'invoice', 'damaged article', 'return', 'product question', 'account'];

/** A support case: opened, worked on, solved, now and then opened again. */
export function openCase(
  visit: Visit,
  after: number,
  via: string,
  carries: readonly string[],
  context: NonNullable<Draft['context']>,
): void {
  const { random, shopper } = visit;
  const id = `CASE-${visit.serial()}`;
  const topic = random.pick(TOPICS);
  const order = shopper.lastOrder?.id;
  const agent = { kind: 'agent', id: `agent-${random.int(1, 9)}` };
  const say = (seconds: number, name: string, status: string, isOurs = false): void =>
    visit.emit({
      source: 'service',
      type: 'track',
      after: after + seconds,
      name,
      properties: { case_id: id, topic, status, via, ...(order === undefined ? {} : { order_id: order }) },
      context: isOurs ? { ...context, kenal: { direction: 'outbound', actor: agent } } : context,
      carries,
    });
  say(5, 'Case Opened', 'open');
  const worked = 1_800 + random.exponential(20_000);
  say(worked, 'Case Updated', 'pending', true);
  const solved = worked + random.exponential(90_000);
  say(solved, 'Case Resolved', 'solved', true);
  if (random.chance(0.08)) say(solved + random.exponential(200_000), 'Case Reopened', 'open');
}
