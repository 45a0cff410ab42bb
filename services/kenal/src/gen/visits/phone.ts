import { externalId, type Properties } from '../event.ts';
import { spellPhone } from '../phones.ts';
import type { Visit } from '../visit.ts';
import { openCase } from './case.ts';
import { phoneKey } from './spelling.ts';

/** A call to the service desk: answered or missed, known by its number in whatever way the exchange writes it. */
export function phoneVisit(visit: Visit): void {
  const { random, shopper } = visit;
  const phone = random.pick(shopper.person.phones);
  const call = `CA${visit.serial()}`;
  const say = (after: number, name: string, properties: Properties = {}): void =>
    visit.emit({
      source: 'phone',
      type: 'track',
      after,
      name,
      properties: { call_id: call, direction: 'inbound', ...properties },
      context: { externalIds: [externalId('phone', spellPhone(random, phone, visit.home))] },
      carries: [phoneKey(phone)],
    });
  say(0, 'Call Started');
  const waited = Math.round(5 + random.exponential(45));
  if (random.chance(0.12)) {
    say(waited, 'Call Missed', { wait_seconds: waited });
    if (random.chance(0.3)) say(waited + 30, 'Voicemail Left', { duration_seconds: random.int(8, 60) });
    return;
  }
  const talked = Math.round(40 + random.exponential(200));
  say(waited, 'Call Answered', { wait_seconds: waited, agent: `agent-${random.int(1, 9)}` });
  say(waited + talked, 'Call Completed', { duration_seconds: talked });
  if (random.chance(0.5))
    openCase(visit, waited + talked, 'phone', [phoneKey(phone)], { externalIds: [externalId('phone', phone.e164)] });
}
