import { createHash } from 'node:crypto';
import { SCHEMAS } from '@kenal/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VALUES } from './arbitraries.ts';
import { codecOf } from './codec.ts';
import { compileSchema } from './guard.ts';

/**
 * SHA-256 of each schema version that was ever released, without its documentation. Topics hold records of all of them: add a line for a new version, never change one.
 */
const RELEASED: Readonly<Record<string, string>> = {
  '1 interaction v1': 'f2489d0d66c09da0fba06593413757366b6f85c26761cee575759f5dd092ec4a',
  '2 resolved v1': 'b1eceef631c524fc1e963b43b5f7a2ed538f0c082bbfea732ca8b76cfebb52f8',
  '3 failed v1': '68a89f9cef349b523c29c958e184bdab7cc4c3943e9813e42835ac4f9cd768df',
  '4 change v1': 'd69669064b090bc5329d13fb86496bd542f515c71f274debf744740a8cc76cfb',
  '5 receipt-count v1': '2b74ae5088dd0410a4fe205b8f8ff231009477de0635ae4ac0e999da92e61cd0',
  '6 directive v1': '2121af85b81f1450da55f71d71019defd2e4ad5b35427b152e1621d6610b9e8e',
  '7 change v2': '5b0fd9f2c3e74189c671ae83accb8937a4440485f5e7c65886b2f669dd1fedf0',
  '8 failed v2': 'db932e682320b60b19eab21c9049193074db4e69e656817de996dae5180055b0',
  '9 record v1': '23e7b5ad71b62569d7b89c3e3be65df8063e1d6f3958e3e18f11f1b0052875b7',
  '10 record v2': '9351485cd3e908082b619cd9b72edc6c95290a0dfefdaa23f30f17fbff20c75c',
  '11 computed v1': '8d5d14139301c5e5ce577fdf279e932d2bd53b1cf4677f6405a3267bdcc32ce3',
  '12 change v3': 'bb31544b68e9a2970ecb0c1796baa7f2903802fa3174f84d48b77a550590fcb5',
  '13 action v1': '84da8354d5c472b5d65937e4a514963631f71d80b8e8e7b9362bca3984536754',
  '14 setting v1': 'fdf9225be7f57fc3708a3874fcac2f2e9ee8a4aea2d5626b081ca7d77c885d31',
  '15 read v1': '04ed0bd184f13301711be465a2a63099a9ee1c72813a214447b8af66e639befc',
  '16 setting v2': '1beafa808ccb90df0085398c17ea1e4440c18d63e501d2e0e0006282c88d5b21',
};

function hashOf(schema: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(withoutDocs(schema)))
    .digest('hex');
}

function withoutDocs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDocs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'doc')
      .map(([name, part]) => [name, withoutDocs(part)]),
  );
}

test('a released schema version stays as it is, and every version is in the list', () => {
  const now = Object.fromEntries(
    SCHEMAS.map(({ id, name, version, schema }) => [`${id} ${name} v${version}`, hashOf(schema)]),
  );
  expect(now).toEqual(RELEASED);
});

test('ids are unique, and versions of a name count from 1 upwards', () => {
  expect(new Set(SCHEMAS.map(({ id }) => id)).size).toBe(SCHEMAS.length);
  for (const name of new Set(SCHEMAS.map((one) => one.name))) {
    const versions = SCHEMAS.filter((one) => one.name === name).map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, i) => i + 1));
  }
});

test('the newest reader reads what every older version wrote, and older readers what the newest writes', () => {
  for (const older of SCHEMAS) {
    const versions = SCHEMAS.filter(({ name }) => name === older.name);
    const newest = versions.at(-1)!;
    const [oldType, newType] = [compileSchema(older.schema), compileSchema(newest.schema)];
    expect(() => newType.createResolver(oldType)).not.toThrow();
    expect(() => oldType.createResolver(newType)).not.toThrow();
  }
});

test('a field that a later version adds with a default is filled in when an old record is read', () => {
  const first = SCHEMAS.find(({ name }) => name === 'receipt-count')!;
  const { fields, ...rest } = first.schema as { fields: readonly object[] };
  const added = { name: 'region', type: ['null', 'string'], default: null };
  const later = { ...first, id: 9_999, version: 2, schema: { ...rest, fields: [...fields, added] } as never };
  const [value] = fc.sample(VALUES['receipt-count'], 1);
  const written = codecOf<object>([first]).encode(value!);
  expect(codecOf<object>([first, later]).decode(written)).toEqual({ ...value, region: null });
});
