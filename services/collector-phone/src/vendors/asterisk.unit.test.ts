import { hashKey } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import type { TestVendorCollector, VendorCollectorOptions } from '../../../../test/support/vendor-collector.ts';
import { startVendorCollector } from '../../../../test/support/vendor-collector.ts';
import { createCollectorPhone } from '../app.ts';
import { fixture, fixtureLines, toldInOrder } from '../testing/fixtures.ts';

const KEY = 'write-key-of-the-exchange';
const CALLER = '+442071838750';
const source = { id: 'pbx', kind: 'asterisk' as const, keys: [{ key: hashKey(KEY) }], own: ['+442033221100'] };
const options: VendorCollectorOptions = { sources: [source] };
const HEADERS = { 'x-write-key': KEY, 'content-type': 'text/csv' };

const open = (columns?: readonly string[]): Promise<TestVendorCollector> =>
  startVendorCollector(
    createCollectorPhone,
    columns === undefined ? options : { sources: [{ ...source, columns: columns as never }] },
  );

async function upload(text: string, columns?: readonly string[]) {
  await using collector = await open(columns);
  const answer = await collector.deliver('pbx', text, HEADERS);
  expect(answer.status).toBe(200);
  const failed = (await collector.failed()).map(({ code, path, reason }) => ({ code, path, reason }));
  return { interactions: toldInOrder(await collector.interactions()), failed };
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
  const columns = ['linkedid', 'src', 'dst', 'start', 'duration', 'billsec', 'disposition', 'ignored', 'uniqueid'];
  const lines = [
    '1.1,02071838750,2001,2026-11-30 10:00:00,5,0,NO ANSWER,x,1.2',
    '1.1,02071838750,2002,2026-11-30 10:00:05,9,4,ANSWERED,x,1.3',
  ];
  const { interactions } = await upload(lines.join('\n'), columns);
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
  const header =
    'accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,amaflags,uniqueid,userfield';
  await using collector = await open();
  for (const text of [`${header}\n${line()}\n${line()}\n`, `\ufeff${line()}\r\n${line()}\r\n${line()}`])
    expect((await collector.deliver('pbx', text, HEADERS)).status).toBe(200);
  const ids = (await collector.interactions()).map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
  expect(ids).toHaveLength(5);
  expect(await collector.failed()).toEqual([]);
});

test('parts of a file that were counted over all of it give the ids of the whole file', async () => {
  await using collector = await open();
  const ids = async () => [...new Set((await collector.interactions()).map(({ id }) => id))].sort();
  await collector.deliver('pbx', `${line()}\n${line()}`, HEADERS);
  const whole = await ids();
  const json = { ...HEADERS, 'content-type': 'application/json' };
  for (const occurrence of [1, 2])
    await collector.deliver('pbx', JSON.stringify({ lines: [{ line: line(), occurrence }] }), json);
  expect(await ids()).toEqual(whole);
  await collector.deliver('pbx', JSON.stringify({ lines: [{ line: line() }, { line: 7, occurrence: 1 }, null] }), json);
  await collector.deliver('pbx', '{"lines": 7}', json);
  expect((await collector.failed()).map(({ path }) => path).sort()).toEqual([
    '$.line',
    '$.line',
    '$.lines',
    '$.occurrence',
  ]);
});

test('a file of another workspace’s key, or without one, is refused', async () => {
  await using collector = await open();
  expect((await collector.deliver('pbx', line(), { 'x-write-key': 'nobody' })).status).toBe(401);
  expect((await collector.deliver('pbx', line())).status).toBe(401);
  expect(await collector.interactions()).toEqual([]);
});

test('an order of columns that cannot be read is named at the start', async () => {
  await expect(open(['src', 'dst'])).rejects.toThrow(/start, duration, billsec, disposition/);
  await expect(open(['src', 'src', 'dst', 'start', 'duration', 'billsec', 'disposition'])).rejects.toThrow(/src/);
});
