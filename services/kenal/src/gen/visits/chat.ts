import type { Properties } from '../event.ts';
import type { Visit } from '../visit.ts';
import { openCase } from './case.ts';
import { emailKey, spellEmail } from './spelling.ts';

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
  let clock = 0;
  const say = (name: string, properties: Properties = {}): void => {
    clock += 8 + random.exponential(35);
    visit.emit({
      source: 'chat',
      type: 'track',
      after: clock,
      name,
      anonymousId: device.anonymousId,
      properties: {
        conversation_id: conversation,
        agent_id: `agent-${(visit.shopper.person.id.length * 7) % 9}`,
        ...properties,
      },
      context,
      carries,
    });
  };
  say('Live Chat Conversation Started');
  for (let turn = random.int(1, 4); turn > 0; turn--) {
    say('Live Chat Message Sent', { message_body: random.pick(QUESTIONS) });
    say('Live Chat Message Received', { message_body: random.pick(ANSWERS) });
  }
  say('Live Chat Conversation Ended', { duration: Math.round(clock) });
  if (random.chance(0.35)) openCase(visit, clock, 'chat', [emailKey(email)], { traits: { email } });
}
