import { createSource } from '@kenal/collector-kit';
import { type Direction, kenalConfigSchema } from '@kenal/contracts';
import { expect, test } from 'vitest';
import { partiesOf, partyOf } from './party.ts';

const config = kenalConfigSchema.parse({
  workspaces: [
    {
      ...{ id: 'shop', region: 'GB', readKeys: [] },
      sources: [{ id: 'calls', kind: 'twilio', secrets: ['env:X'], own: ['+442033221100', '020 3322 1101'] }],
    },
  ],
});
const [workspace] = config.workspaces;
const source = createSource(workspace!, workspace!.sources[0]!);

test.each([
  ['020 7183 8750', '+442071838750', false],
  ['sip:+442071838750@trunk.example;transport=tls', '+442071838750', false],
  ['tel:+442071838750', '+442071838750', false],
  ['004930901820', '+4930901820', false],
  ['+44 20 3322 1100', '+442033221100', true],
  ['02033221101', '+442033221101', true],
  ['2001', '2001', true],
  ['*97', '*97', true],
  ['client:alice', 'alice', true],
  ['s', 's', true],
  // No number that anybody can have
  ['1111111111', '1111111111', false],
])('%s is %s', (raw, number, isOurs) => {
  expect(partyOf(source, raw)).toEqual({ number, isOurs });
});

test.each([
  ...['anonymous', 'Anonymous', 'UNKNOWN', 'Restricted', 'Private Number', 'Unavailable', '', '  ', '0', '00000'],
  ...[
    '+266696687',
    '266696687',
    '+7378742833',
    '+2562533',
    '+8656696',
    '+86282452253',
    'sip:anonymous@anonymous.invalid',
  ],
])('%j is a number that is withheld: nobody’s', (raw) => {
  expect(partyOf(source, raw)).toEqual({ number: null, isOurs: false });
});

const [HOUSE, ANN, BOB, AGENT] = ['+442033221100', '+442071838750', '+447400123456', '2001'];

test.each<[string, string, Direction | null, Direction, string | null]>([
  [ANN, HOUSE, null, 'inbound', ANN],
  [HOUSE, ANN, null, 'outbound', ANN],
  [AGENT, ANN, null, 'outbound', ANN],
  [AGENT, HOUSE, null, 'internal', null],
  ['anonymous', HOUSE, null, 'inbound', null],
  [AGENT, 'anonymous', null, 'outbound', null],
  // Passed on: the caller is who it is about, and the other one is not linked to them
  [ANN, BOB, null, 'inbound', ANN],
  ['anonymous', BOB, null, 'inbound', null],
  // The vendor knows better where we did not list our number
  [ANN, BOB, 'outbound', 'outbound', BOB],
  // … and not where we did
  [AGENT, ANN, 'inbound', 'outbound', ANN],
])('a call from %s to %s (said: %s) is %s and about %s', (from, to, said, direction, subject) => {
  const parties = partiesOf(partyOf(source, from), partyOf(source, to), said);
  expect([parties.direction, parties.subject?.number ?? null]).toEqual([direction, subject]);
});
