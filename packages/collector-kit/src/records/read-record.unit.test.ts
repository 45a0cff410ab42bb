import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { readRecord } from './read-record.ts';

const NOON = Date.UTC(2026, 10, 22, 12) * 1_000;
const source = { workspace: 'shop', id: 'erp', currency: 'GBP', declaredTypes: ['crm_id'] };
const read = (sent: unknown) =>
  readRecord(sent, { source, receivedAt: NOON, limits: DEFAULT_LIMITS, mayHoldOddText: true });
const valuesOf = (sent: unknown) => {
  const outcome = read(sent);
  return outcome.ok ? JSON.parse(outcome.value.values) : outcome.fault;
};

test('a record keeps its times, its known columns in one form, and whatever else it has', () => {
  const outcome = read({
    ...{ kind: 'item', id: 7, name: ' Mug ', category: 'Kitchen', brand: '', weight: { g: 300 } },
    ...{ from: '2026-01-01', to: '2026-02-01T00:00:00Z', recorded_at: '2025-12-01' },
  });
  expect(outcome).toEqual({
    ok: true,
    value: {
      ...{ workspace: 'shop', source: 'erp', kind: 'item', id: '7', receivedAt: NOON },
      ...{ validFrom: Date.UTC(2026, 0, 1) * 1_000, validTo: Date.UTC(2026, 1, 1) * 1_000 },
      recordedAt: Date.UTC(2025, 11, 1) * 1_000,
      values: '{"category":"Kitchen","name":"Mug","weight":{"g":300}}',
    },
  });
  expect(read({ kind: 'item', id: 'x' })).toMatchObject({
    value: { validFrom: null, validTo: null, recordedAt: NOON, values: '{}' },
  });
});

test('a `to` that is a day holds to its end, one that is a time up to that moment', () => {
  const untilOf = (to: unknown) => read({ kind: 'item', id: 'x', from: '2026-12-31', to });
  const until = (...time: [number, number, number, number?]) => ({ value: { validTo: Date.UTC(...time) * 1_000 } });
  expect(untilOf('2026-12-31')).toMatchObject(until(2027, 0, 1));
  expect(untilOf('2027-02-28')).toMatchObject(until(2027, 2, 1));
  expect(untilOf('2026-12-31T12:00Z')).toMatchObject(until(2026, 11, 31, 12));
  expect(untilOf(Date.UTC(2027, 0, 1))).toMatchObject(until(2027, 0, 1));
});

test('money is an exact decimal, with the currency of the workspace where it names none', () => {
  const price = { kind: 'price', item_id: 'A' };
  expect(valuesOf({ ...price, amount: '19.90' })).toEqual({ item_id: 'A', amount: '19.90', currency: 'GBP' });
  expect(valuesOf({ ...price, amount: 0.1 + 0.2, currency: 'eur' })).toMatchObject({ amount: '0.3', currency: 'EUR' });
  expect(valuesOf({ kind: 'campaign', id: 'c', budget: '999999999999999.123456' }).budget).toBe(
    '999999999999999.123456',
  );
  expect(valuesOf({ kind: 'campaign', id: 'c' })).toEqual({});
});

test('a price, cost or stock without an id is known by its parts, which can be told apart', () => {
  const idOf = (sent: object): unknown => {
    const outcome = read(sent);
    return outcome.ok ? outcome.value.id : outcome.fault;
  };
  expect(idOf({ kind: 'price', item_id: 'A', amount: 1 })).toBe('A/GBP');
  expect(idOf({ kind: 'price', item_id: 'A', amount: 1, list: 'club/gold' })).toBe('A/GBP/club%2Fgold');
  expect(idOf({ kind: 'cost', item_id: 'A/B', amount: 1, supplier: 's' })).toBe('A%2FB/GBP/s');
  expect(idOf({ kind: 'stock', item_id: 'A', quantity: -2 })).toBe('A');
  expect(idOf({ kind: 'stock', item_id: 'A', quantity: 2, location: 'Leeds' })).toBe('A/Leeds');
});

test.each([
  ['event_not_object', '$', 'price'],
  ['record_bad_field', '$.kind', { kind: 'prize', id: '1' }],
  ['record_missing_field', '$.id', { kind: 'item', name: 'Mug' }],
  ['record_bad_field', '$.id', { kind: 'item', id: ['1'] }],
  ['record_missing_field', '$.item_id', { kind: 'price', id: '1', amount: 2 }],
  ['record_missing_field', '$.amount', { kind: 'price', item_id: 'A', amount: '' }],
  ['record_bad_field', '$.amount', { kind: 'price', item_id: 'A', amount: '1,50' }],
  ['record_bad_field', '$.amount', { kind: 'cost', item_id: 'A', amount: '1.1234567' }],
  ['record_bad_field', '$.amount', { kind: 'cost', item_id: 'A', amount: 9e31 }],
  ['record_bad_field', '$.currency', { kind: 'price', item_id: 'A', amount: 1, currency: 'pounds' }],
  ['record_bad_field', '$.name', { kind: 'item', id: '1', name: { en: 'Mug' } }],
  ['record_bad_field', '$.from', { kind: 'item', id: '1', from: '30.2.2026' }],
  ['record_bad_field', '$.from', { kind: 'item', id: '1', from: '1899-12-31' }],
  ['record_bad_field', '$.to', { kind: 'item', id: '1', from: '2026-01-01', to: '2025-12-31' }],
  ['record_bad_field', '$.to', { kind: 'item', id: '1', from: '2026-01-01', to: '2026-01-01T00:00:00Z' }],
  ['record_bad_field', '$.recorded_at', { kind: 'item', id: '1', recorded_at: '2026-11-24' }],
  ['record_personal', '$.email', { kind: 'account', id: '1', email: 'ann@example.com' }],
  ['record_personal', '$.crm_id', { kind: 'account', id: '1', crm_id: '9' }],
  ['record_personal', '$.traits', { kind: 'account', id: '1', traits: {} }],
  ['event_forbidden_key', '$.constructor', { kind: 'item', id: '1', constructor: 1 }],
])('%s at %s', (code, path, sent) => {
  expect(read(sent)).toMatchObject({ ok: false, fault: { code, path } });
});
