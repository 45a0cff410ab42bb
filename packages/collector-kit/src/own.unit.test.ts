import { expect, test } from 'vitest';
import { createOwnNames } from './own.ts';

test.each([
  ['AD', '712345'],
  ['FO', '201234'],
  ['GL', '321000'],
  ['NC', '201234'],
])('in %s, where outside numbers are short, %s is a customer, unless it is said to be ours', (region, number) => {
  expect(createOwnNames([], region).hasPhone(number)).toBe(false);
  expect(createOwnNames([number], region).hasPhone(number)).toBe(true);
  for (const inside of ['2001', '*97', `*${number}`]) expect(createOwnNames([], region).hasPhone(inside)).toBe(true);
});

test.each(['DE', 'GB', 'LU', 'FI', 'US'])(
  'in %s up to six digits are an extension, whatever its plan allows',
  (region) => {
    const own = createOwnNames([], region);
    for (const inside of ['7', '2001', '20123', '201234', ' 401234 ', '#21']) expect(own.hasPhone(inside)).toBe(true);
    expect(own.hasPhone('+376712345')).toBe(false);
  },
);
