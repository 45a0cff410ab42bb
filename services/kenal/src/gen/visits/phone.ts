import { externalId, type Properties } from '../event.ts';
import { spellPhone } from '../phones.ts';
import type { Visit } from '../visit.ts';
import { openCase } from './case.ts';
import { phoneKey } from './spelling.ts';
import { answerSurvey, PATIENCE, waitFor } from './survey.ts';

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
      properties: { call_id: call, conversation_id: call, direction: 'inbound', queue: 'service', ...properties },
      context: { externalIds: [externalId('phone', spellPhone(random, phone, visit.home))] },
      carries: [phoneKey(phone)],
    });
  say(0, 'Call Started');
  const waited = Math.round(waitFor(visit, 9));
  if (random.chance(0.12)) {
    const outcome = random.chance(0.6) ? 'abandoned' : 'missed';
    say(waited, 'Call Missed', { wait_seconds: waited, outcome });
    if (random.chance(0.3))
      say(waited + 30, 'Voicemail Left', { outcome: 'voicemail', duration_seconds: random.int(8, 60) });
    return;
  }
  const talked = Math.round(40 + random.exponential(200));
  const agent = `agent-${random.int(1, 9)}`;
  say(waited, 'Call Answered', { wait_seconds: waited, agent });
  say(waited + talked, 'Call Completed', { outcome: 'answered', talk_seconds: talked, agent });
  const who = {
    context: { externalIds: [externalId('phone', phone.e164)] },
    carries: [phoneKey(phone)],
  };
  answerSurvey(visit, waited + talked, waited > PATIENCE, { conversation_id: call, agent_id: agent }, who);
  if (random.chance(0.5)) openCase(visit, waited + talked, 'phone', who.carries, who.context);
}
