import { expect, test } from 'vitest';
import { useShop } from '../testing/shop.ts';
import { KEYS } from '../testing/world.ts';
import type { ExportView } from './schemas.ts';

const shop = useShop();

interface Answer extends ExportView {
  readonly code: string;
  readonly message: string;
  readonly exports: readonly ExportView[];
}
const ask = async (method: string, path: string, body?: object) => {
  const reply = await fetch(`${shop.world.url}/v1/exports${path}`, {
    ...{ method, headers: { 'x-steward-key': KEYS.steward } },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Answer };
};
const names = async () => (await ask('GET', '')).body.exports.map(({ name }) => name);

test('an export is made, listed and removed; a name is given once, also to those who ask at once', async () => {
  const crm = { name: 'crm', what: 'profiles', fields: ['traits.email'] };
  const made = await Promise.all([1, 2, 3, 4, 5].map(() => ask('POST', '', crm)));
  expect(made.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
  expect(made.find(({ status }) => status === 409)!.body.code).toBe('name_taken');
  expect(await names()).toEqual(['nightly', 'crm']);
  expect((await ask('DELETE', '/crm')).status).toBe(200);
  expect(await ask('DELETE', '/crm')).toMatchObject({
    ...{ status: 404, body: { message: expect.stringContaining('there are nightly') } },
  });
});

test('an export of kenal.yaml is removed there only, and its name is taken', async () => {
  expect(await ask('DELETE', '/nightly')).toMatchObject({ status: 403, body: { code: 'in_configuration' } });
  expect(await ask('POST', '', { name: 'nightly', what: 'orders' })).toMatchObject({
    ...{ status: 409, body: { code: 'name_taken' } },
  });
  expect((await ask('GET', '')).body.exports).toMatchObject([{ name: 'nightly', from: 'kenal.yaml' }]);
});

test.each([
  ['a table that is not for readers', { sql: 'SELECT * FROM kenal.profile_rows' }, /^.*sql: .*profile_rows/],
  ['INTO OUTFILE', { sql: "SELECT 1 INTO OUTFILE '/tmp/x'" }, /INTO OUTFILE/],
  ['two statements', { sql: 'SELECT 1; SELECT 2' }, /sql: /],
  ['what is no SQL', { sql: 'SELEC 1' }, /Syntax error/],
  ['a format of its own', { sql: 'SELECT 1 FORMAT JSON' }, /leave FORMAT JSON out/],
  ['a view that is not there', { what: 'nothing' }, /what: .*nothing/],
])('%s can never be written, and is refused', async (_what, wanted, message) => {
  expect(await ask('POST', '', { name: 'never', ...wanted })).toMatchObject({
    ...{ status: 400, body: { code: 'bad_body', message: expect.stringMatching(message) } },
  });
  expect(await names()).toEqual(['nightly']);
});
