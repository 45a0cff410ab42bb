import { type CdrColumn, DEFAULT_CDR_COLUMNS } from '@kenal/contracts';
import { hashKey } from '@kenal/service-kit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startVendorCollector, type TestVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorPhone } from '../app.ts';
import { fixture, fixtureLines } from '../testing/fixtures.ts';
import { createTaken, type Taken } from '../testing/taken.ts';

const KEY = 'write-key-of-the-exchange';
const CALLER = '+442071838750';
const source = { id: 'pbx', kind: 'asterisk' as const, keys: [{ key: hashKey(KEY) }], own: ['+442033221100'] };
const CUSTOM = [
  'linkedid',
  'src',
  'dst',
  'start',
  'duration',
  'billsec',
  'disposition',
  'ignored',
  'uniqueid',
] as const;
const custom = { ...source, id: 'custom', keys: [{ key: hashKey(`${KEY} 2`) }], columns: [...CUSTOM] };
const HEADERS = { 'x-write-key': KEY, 'content-type': 'text/csv' };
const JSON_HEADERS = { ...HEADERS, 'content-type': 'application/json' };

let collector: TestVendorCollector;
let news: () => Promise<Taken>;

beforeAll(async () => {
  collector = await startVendorCollector(createCollectorPhone, { sources: [source, custom] });
  news = createTaken(collector);
});
afterAll(() => collector[Symbol.asyncDispose]());
beforeEach(() => news());

async function upload(text: string, headers: Record<string, string> = HEADERS, to = 'pbx'): Promise<Taken> {
  expect((await collector.deliver(to, text, headers)).status).toBe(200);
  return news();
}

/** A line with other cells than the ordinary ones. */
function line(cells: Readonly<Record<string, string>> = {}): string {
  const all = {
    ...{ accountcode: '', src: '02071838750', dst: '02033221100', dcontext: 'from-trunk', clid: '' },
    ...{ channel: 'PJSIP/provider-00000010', dstchannel: 'PJSIP/2001-00000011', lastapp: 'Dial', lastdata: '' },
    ...{ start: '2026-11-30 10:00:00', answer: '2026-11-30 10:00:09', end: '2026-11-30 10:01:09', duration: '69' },
    ...{ billsec: '60', disposition: 'ANSWERED', amaflags: '3', uniqueid: '1796032800.16', userfield: '' },
    ...cells,
  };
  return Object.values(all)
    .map((cell) => `"${cell.replaceAll('"', '""')}"`)
    .join(',');
}

test('a whole file becomes an event a line, each with direction, outcome, numbers in E.164 and the agent', async () => {
  const { interactions, failed } = await upload(fixture('asterisk-master.csv'));
  expect(failed).toEqual([]);
  const rows = interactions.map(({ name, direction, phone, agent, properties }) =>
    [name, direction, phone, agent, properties.outcome, properties.ring_seconds ?? '-', properties.talk_seconds].join(
      ' ',
    ),
  );
  expect(rows).toEqual([
    `Call Missed inbound ${CALLER} 2001 missed - 0`,
    `Call Completed inbound ${CALLER} 2002 answered 9 60`,
    `Call Missed inbound ${CALLER} 2001 abandoned - 0`,
    `Call Completed inbound ${CALLER} 2002 answered 5 120`,
    `Call Missed inbound ${CALLER}  abandoned - 0`,
    `Voicemail Left inbound ${CALLER} 2001 voicemail - 0`,
    `Call Completed outbound ${CALLER} 2001 answered 7 120`,
    'Call Missed outbound +447400123456 2001 missed - 0',
    'Call Completed internal  2002 answered 2 10',
    'Call Completed inbound  2001 answered 5 20',
    `Call Completed inbound ${CALLER}  answered 10 30`,
    `Call Missed inbound ${CALLER}  abandoned - 0`,
    `Call Missed inbound ${CALLER} 2001 missed - 0`,
    `Call Missed inbound ${CALLER} 2001 missed - 0`,
  ]);
});

test('lines of one call share the conversation, and a queue is named', async () => {
  const { interactions } = await upload(fixture('asterisk-master.csv'));
  expect(interactions.slice(0, 4).map(({ call }) => call)).toEqual([
    ...['1796032800.16', '1796032800.16', '1796033400.32', '1796033400.32'],
  ]);
  const [, answered, waited] = interactions;
  expect(waited?.properties).toMatchObject({ queue: 'support', application: 'Queue' });
  expect(answered?.properties).toMatchObject({
    ...{ call_id: '1796032800.16', leg_id: answered?.id, from: CALLER, to: '+442033221100', caller_name: 'JANE DOE' },
    ...{ started_at: '2026-11-30T10:00:00.000Z', answered_at: '2026-11-30T10:00:09.000Z' },
    ...{ ended_at: '2026-11-30T10:01:09.000Z', total_seconds: 69, disposition: 'ANSWERED' },
  });
});

test('where a linkedid is written, lines of different channels are one call', async () => {
  const lines = [
    '1.1,02071838750,2001,2026-11-30 10:00:00,5,0,NO ANSWER,x,1.2',
    '1.1,02071838750,2002,2026-11-30 10:00:05,9,4,ANSWERED,x,1.3',
  ];
  const { interactions } = await upload(lines.join('\n'), { 'x-write-key': `${KEY} 2` }, 'custom');
  expect(interactions.map(({ call, properties }) => [call, properties.outcome])).toEqual([
    ['1.1', 'missed'],
    ['1.1', 'answered'],
  ]);
});

test('a call between two outside numbers is about the caller, and the other one only took part', async () => {
  const { interactions } = await upload(fixtureLines('asterisk-master.csv')[10] ?? '');
  expect(interactions).toMatchObject([{ phone: CALLER, others: ['callee +447400123456'] }]);
});

test('times without a zone are those of the workspace, on both sides of a change of clocks and in the hour that comes twice', async () => {
  // London: clocks went back on 25 October 2026 at 2, and forward on 29 March at 1
  const at = (start: string, epoch: string) =>
    line({ start, uniqueid: `${epoch}.1`, duration: '7200', billsec: '7190' });
  const { interactions } = await upload(
    [
      at('2026-07-01 12:00:00', '1782903600'),
      at('2026-10-25 01:30:00', '1792888200'),
      at('2026-10-25 01:30:00', '1792891800'),
      at('2026-03-29 00:30:00', '1774744200'),
      at('2026-11-30 10:00:00', 'exchange-1796032800'),
    ].join('\r\n'),
  );
  const times = interactions.map(({ properties: { started_at, answered_at, ended_at } }) => [
    started_at,
    answered_at,
    ended_at,
  ]);
  expect(times).toEqual([
    ['2026-07-01T11:00:00.000Z', '2026-07-01T11:00:10.000Z', '2026-07-01T13:00:00.000Z'],
    ['2026-10-25T00:30:00.000Z', '2026-10-25T00:30:10.000Z', '2026-10-25T02:30:00.000Z'],
    ['2026-10-25T01:30:00.000Z', '2026-10-25T01:30:10.000Z', '2026-10-25T03:30:00.000Z'],
    ['2026-03-29T00:30:00.000Z', '2026-03-29T00:30:10.000Z', '2026-03-29T02:30:00.000Z'],
    ['2026-11-30T10:00:00.000Z', '2026-11-30T10:00:10.000Z', '2026-11-30T12:00:00.000Z'],
  ]);
});

test('each bad line fails alone, whole and with its reason; the others are taken', async () => {
  const { interactions, failed } = await upload(
    [
      line(),
      '"never closed,1,2',
      'three,cells,only',
      line({ start: 'yesterday' }),
      line({ disposition: 'MAYBE' }),
      line({ duration: '-1' }),
      line({ billsec: '70' }),
      `"x"y,${line()}`,
      '',
      line({ userfield: 'last' }),
    ].join('\n'),
  );
  expect(interactions.map(({ properties }) => properties.user_field)).toEqual([undefined, 'last']);
  expect(failed.map(({ code, path }) => `${code} ${path}`).sort()).toEqual([
    ...['bad_body $.line', 'bad_body $.line', 'bad_body $.line', 'event_bad_field $.billsec'],
    ...['event_bad_field $.disposition', 'event_bad_field $.duration', 'event_bad_time $.start'],
  ]);
});

test('the same file again adds nothing, equal lines stay apart, and a line that names the columns is none', async () => {
  const header = [...DEFAULT_CDR_COLUMNS].join(',');
  const first = await upload(`${header}\n${line()}\n${line()}\n`);
  const again = await upload(`\ufeff${line()}\r\n${line()}\r\n${line()}`);
  const ids = ({ interactions }: Taken): string[] => interactions.map(({ id }) => id);
  expect([ids(first).length, new Set(ids(first)).size, new Set(ids(again)).size]).toEqual([2, 2, 3]);
  expect(ids(again).slice(0, 2)).toEqual(ids(first));
  expect([...first.failed, ...again.failed]).toEqual([]);
});

test('parts of a file that were counted over all of it give the ids of the whole file', async () => {
  const whole = await upload(`${line()}\n${line()}`);
  const part = async (occurrence: number) => {
    const { interactions } = await upload(JSON.stringify({ lines: [{ line: line(), occurrence }] }), JSON_HEADERS);
    return interactions[0]?.id;
  };
  expect([await part(1), await part(2)]).toEqual(whole.interactions.map(({ id }) => id));
});

test('parts of another form are kept as failed events', async () => {
  const odd = [{ line: line() }, { line: 7, occurrence: 1 }, null, { line: 'x'.repeat(20_000), occurrence: 1 }];
  const { interactions, failed } = await upload(JSON.stringify({ lines: odd }), JSON_HEADERS);
  expect(interactions).toEqual([]);
  expect(failed.map(({ path }) => path).sort()).toEqual(['$.line', '$.line', '$.line', '$.occurrence']);
  const none = await upload('{"lines": 7}', JSON_HEADERS);
  expect(none.failed).toMatchObject([{ code: 'bad_body', path: '$.lines' }]);
});

test('a file with the key of another source, or without one, is refused', async () => {
  for (const [headers, status] of [
    [{ 'x-write-key': 'nobody' }, 401],
    [{}, 401],
    [{ 'x-write-key': `${KEY} 2` }, 403],
  ] as const)
    expect((await collector.deliver('pbx', line(), headers)).status).toBe(status);
  expect((await news()).interactions).toEqual([]);
});

test('an order of columns that cannot be read is named at the start', async () => {
  const open = (...columns: CdrColumn[]) =>
    startVendorCollector(createCollectorPhone, { sources: [{ ...source, columns }] });
  await expect(open('src', 'dst')).rejects.toThrow(/start, duration, billsec, disposition/);
  await expect(open(...CUSTOM, 'src')).rejects.toThrow(/src/);
});
