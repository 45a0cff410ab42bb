import type { Properties } from '../event.ts';
import type { Visit } from '../visit.ts';
import { openCase } from './case.ts';
import { emailKey, spellEmail } from './spelling.ts';
import { answerSurvey, PATIENCE, waitFor } from './survey.ts';

const QUESTIONS = [
  'Where is my order?',
  'Is this back in stock soon?',
  'Can I change the address?',
  'How do I return it?',
];
const ANSWERS = ['Let me look that up.', 'It left the warehouse this morning.', 'I have changed it for you.'];

/** A live chat: the widget knows the browser, and asks for an e-mail address before it connects anybody. */
export function chatVisit(visit: Visit): void {
  const { random, shopper } = visit;
  const { person } = shopper;
  const device = random.pick(person.devices);
  const email = random.pick(person.emails);
  const conversation = `chat-${visit.serial()}`;
  const carries = [`anonymous_id:${device.anonymousId}`, emailKey(email)];
  const context = { traits: { email: spellEmail(random, email) }, userAgent: device.userAgent };
  const agent = `agent-${random.int(1, 9)}`;
  let clock = 0;
  const say = (pause: number, name: string, properties: Properties = {}, isOurs = false): void => {
    clock += pause;
    visit.emit({
      source: 'chat',
      type: 'track',
      after: clock,
      name,
      anonymousId: device.anonymousId,
      properties: { conversation_id: conversation, ...(isOurs ? { agent_id: agent } : {}), ...properties },
      context: isOurs ? { ...context, kenal: { direction: 'outbound', actor: { kind: 'agent', id: agent } } } : context,
      carries,
    });
  };
  say(8, 'Live Chat Conversation Started');
  const waited = waitFor(visit, 20);
  for (let turn = random.int(1, 4), isFirst = true; turn > 0; turn--, isFirst = false) {
    say(8 + random.exponential(35), 'Live Chat Message Received', { text: random.pick(QUESTIONS) });
    say(isFirst ? waited : 8 + random.exponential(35), 'Live Chat Message Sent', { text: random.pick(ANSWERS) }, true);
  }
  say(20, 'Live Chat Conversation Ended');
  const about = { conversation_id: conversation, agent_id: agent };
  answerSurvey(visit, clock, waited > PATIENCE, about, { anonymousId: device.anonymousId, context, carries });
  if (random.chance(0.35)) openCase(visit, clock, 'chat', [emailKey(email)], { traits: { email } });
}
