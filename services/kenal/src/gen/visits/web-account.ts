import type { Properties } from '../event.ts';
import type { Device, Person } from '../people.ts';
import { spellPhone } from '../phones.ts';
import type { Visit } from '../visit.ts';
import { emailKey, phoneKey, spellEmail } from './spelling.ts';
import { createTeller } from './web-teller.ts';

/** Open an account. @param begin seconds since the visit began @returns when it is done */
export function register(visit: Visit, device: Device, begin: number): number {
  const { shopper, random } = visit;
  const { person } = shopper;
  shopper.registered = true;
  shopper.signedIn.add(device);
  const clock = begin + 60 + random.exponential(60);
  const tell = createTeller(visit, device);
  const phone = person.phones[0];
  const email = person.emails[0] as string;
  const traits = {
    ...nameOf(person),
    birthday: person.birthday,
    language: person.language,
    address: { street: person.street, city: person.city, country: person.region },
    email: spellEmail(random, email),
    ...(phone === undefined ? {} : { phone: spellPhone(random, phone, visit.home) }),
  };
  tell(clock - 1, { type: 'track', name: 'Signed Up', properties: { method: 'email' } });
  tell(clock, { type: 'identify', traits, carries: [emailKey(email), ...(phone ? [phoneKey(phone)] : [])] });
  if (person.referredBy !== null)
    tell(clock + 1, { type: 'track', name: 'Referral Made', properties: { referred_by: person.referredBy } });
  return clock;
}

/** @param begin seconds since the visit began @returns when it is done */
export function signIn(visit: Visit, device: Device, begin: number): number {
  const { shopper, random } = visit;
  shopper.signedIn.add(device);
  const email = random.pick(shopper.person.emails);
  const tell = createTeller(visit, device);
  const clock = begin + 10 + random.exponential(20);
  tell(clock - 1, { type: 'track', name: 'Signed In', properties: { method: 'password' } });
  const traits = { ...nameOf(shopper.person), email: spellEmail(random, email) };
  tell(clock, { type: 'identify', traits, carries: [emailKey(email)] });
  return clock;
}

export function nameOf({ given, family }: Person): Properties {
  if (family === '') return { firstName: given, name: given };
  return { firstName: given, lastName: family, name: `${given} ${family}` };
}
