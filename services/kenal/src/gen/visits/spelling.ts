import type { Phone } from '../phones.ts';
import type { Random } from '../random.ts';

/** The same address as people type it: `anna.smith7@example.com`, `Anna.Smith7@Example.com`, `ANNA.SMITH7@EXAMPLE.COM`. */
export function spellEmail(random: Random, email: string): string {
  const roll = random.next();
  if (roll < 0.8) return email;
  if (roll < 0.85) return email.toUpperCase();
  return email.replace(/(^|[.@_])([a-z])/g, (_all, before: string, letter: string) => before + letter.toUpperCase());
}

export function emailKey(email: string): string {
  return `email:${email}`;
}

export function phoneKey(phone: Phone): string {
  return `phone:${phone.e164}`;
}
