import type { Random } from './random.ts';

export const REGIONS = ['GB', 'ID', 'US', 'DE', 'FR', 'ES', 'EG', 'RU', 'CN', 'VN', 'IN', 'TR'] as const;
export type Region = (typeof REGIONS)[number];

interface Plan {
  readonly code: string;
  /** Digits that a national number begins with, without the trunk prefix. */
  readonly prefixes: readonly string[];
  /** Digits after the prefix. */
  readonly digits: number;
  readonly trunk: string;
}

// Mobile ranges that exist in the numbering plans, so that a normaliser takes them; every number is chance.
const PLANS: Readonly<Record<Region, Plan>> = {
  GB: { code: '44', prefixes: ['7400', '7401', '7512', '7523', '7710', '7725', '7811', '7921'], digits: 6, trunk: '0' },
  ID: { code: '62', prefixes: ['811', '812', '813', '821', '852', '857', '878'], digits: 8, trunk: '0' },
  US: { code: '1', prefixes: ['212664', '310426', '415732', '617864', '503784', '206487'], digits: 4, trunk: '' },
  DE: { code: '49', prefixes: ['1512', '1520', '1575', '1601', '1709'], digits: 7, trunk: '0' },
  FR: { code: '33', prefixes: ['610', '612', '620', '633', '651', '662', '681', '750', '768'], digits: 6, trunk: '0' },
  ES: { code: '34', prefixes: ['610', '622', '636', '650', '677', '699'], digits: 6, trunk: '' },
  EG: { code: '20', prefixes: ['100', '101', '106', '111', '114', '120', '122', '155'], digits: 7, trunk: '0' },
  RU: { code: '7', prefixes: ['903', '905', '910', '916', '921', '926', '963', '985'], digits: 7, trunk: '8' },
  CN: { code: '86', prefixes: ['133', '136', '138', '139', '150', '158', '177', '186'], digits: 8, trunk: '' },
  VN: { code: '84', prefixes: ['32', '35', '38', '70', '79', '86', '90', '91', '98'], digits: 7, trunk: '0' },
  IN: { code: '91', prefixes: ['9810', '9820', '9845', '9884', '7011', '8800'], digits: 6, trunk: '0' },
  TR: { code: '90', prefixes: ['505', '532', '535', '542', '544', '555'], digits: 7, trunk: '0' },
};

/** A phone number, as E.164 and by its parts. */
export interface Phone {
  readonly e164: string;
  readonly region: Region;
  /** Without country code and trunk prefix. */
  readonly national: string;
}

export function makePhone(random: Random, region: Region): Phone {
  const plan = PLANS[region];
  const prefix = random.pick(plan.prefixes);
  let rest = String(random.int(1, 9));
  while (rest.length < plan.digits) rest += String(random.int(0, 9));
  const national = prefix + rest;
  return { e164: `+${plan.code}${national}`, region, national };
}

/**
 * Write a number as one of the many ways in which people do, all of which mean the same where `home` is the default
 * region: `+447400123456`, `+44 7400 123456`, `07400 123456`, `(+44) 7400-123-456`.
 */
export function spellPhone(random: Random, phone: Phone, home: Region): string {
  const plan = PLANS[phone.region];
  const cut = phone.national.length - 6;
  const head = phone.national.slice(0, cut);
  const tail = phone.national.slice(cut);
  const ways = phone.region === home ? 6 : 4;
  switch (random.int(1, ways)) {
    case 1:
      return phone.e164;
    case 2:
      return `+${plan.code} ${head} ${tail}`;
    case 3:
      return `+${plan.code}-${head}-${tail.slice(0, 3)}-${tail.slice(3)}`;
    case 4:
      return `(+${plan.code}) ${head} ${tail.slice(0, 3)} ${tail.slice(3)}`;
    case 5:
      return `${plan.trunk}${head} ${tail}`;
    default:
      return `${plan.trunk}${phone.national}`;
  }
}
