import { expect, test } from 'vitest';
import { changesQuery, filterOf } from './query.ts';

const filter = (query: object) => filterOf(changesQuery.parse(query));

test('values stand with commas between them, or the name again', () => {
  expect(filter({ changed: 'traits.email,computed.*' })).toEqual({ changed: ['traits.email', 'computed.*'] });
  expect(filter({ types: ['created', 'merged,split'] })).toEqual({ types: ['created', 'merged', 'split'] });
});

test('a name with a comma or a backslash in it can be said', () => {
  expect(filter({ changed: 'traits.size\\, in cm,traits.C:\\\\dir,traits.a\\b' })).toEqual({
    changed: ['traits.size, in cm', 'traits.C:\\dir', 'traits.a\\b'],
  });
});
