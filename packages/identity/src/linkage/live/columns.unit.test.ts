import { expect, test } from 'vitest';
import { cellsOf, columnsOfRecords } from './columns.ts';

const columns = columnsOfRecords(['user_id', 'email', 'passport'], ['shoe_size']);
const traits = (all: object) => Object.entries(all).map(([name, value]) => ({ name, text: JSON.stringify(value) }));
const cells = (all: object, identifiers: object = {}) =>
  cellsOf(
    columns,
    traits(all),
    Object.entries(identifiers).map(([name, text]) => ({ name, text: String(text) })),
  );

test('what systems call by many names is one column', () => {
  for (const name of ['firstName', 'first_name', 'FirstName', 'fname', 'given-name', 'givenName'])
    expect(cells({ [name]: 'Ann' })).toEqual({ given_name: 'Ann' });
  for (const name of ['birthday', 'birthDate', 'date_of_birth', 'DOB', 'dob'])
    expect(cells({ [name]: '1980-01-02' })).toEqual({ birth_date: '1980-01-02' });
  expect(cells({ zip: 53111, town: 'Bonn', name: 'Ann Lee' })).toEqual({
    postcode: '53111',
    city: 'Bonn',
    full_name: 'Ann Lee',
  });
});

test('an address is told by its parts', () => {
  const address = {
    street: '1 Mill Lane',
    city: 'Bonn',
    postalCode: '53111',
    country: 'DE',
    verified: true,
    lines: [],
  };
  expect(cells({ address })).toEqual({ street: '1 Mill Lane', city: 'Bonn', postcode: '53111', country: 'DE' });
  expect(cells({ address: '1 Mill Lane' })).toEqual({ street: '1 Mill Lane' });
});

test('where a record says one thing twice, the usual name counts, whatever comes first', () => {
  expect(cells({ displayName: 'annie', name: 'Ann Lee' })).toEqual(cells({ name: 'Ann Lee', displayName: 'annie' }));
  expect(cells({ name: 'annie', fullName: 'Ann Lee' })).toEqual({ full_name: 'Ann Lee' });
});

test('identifiers that tell of a person are columns, those of an account, a card or a browser are not', () => {
  const identifiers = { user_id: '1', loyalty_card: '2', anonymous_id: '3', device_id: '4', passport: 'P1' };
  expect(cells({ email: 'Ann@Example.org ' }, { ...identifiers, email: 'ann@example.org' })).toEqual({
    passport: 'P1',
    email: 'ann@example.org',
  });
});

test('what says nothing of who somebody is stays out, unless it was asked for', () => {
  expect(
    cells({ plan: 'pro', last_login: '2026-01-01', shoe_size: 42, constructor: 'x', __proto__: { a: 1 } }),
  ).toEqual({
    shoe_size: '42',
  });
  expect(cells({ firstName: null, lastName: '', gender: ['f'], city: '{"broken"' })).toEqual({ city: '{"broken"' });
  expect(cellsOf(columns, [{ name: 'city', text: '{broken' }], [])).toEqual({});
});
