import { expect, test } from 'vitest';
import { exportSchema } from './export-config.ts';
import { exportStatement } from './export-statement.ts';

const S3 = {
  ...{ endpoint: 'https://s3.example.com', bucket: 'people' },
  ...{ accessKeyId: 'env:AWS_ACCESS_KEY_ID', secretAccessKey: 'env:KENAL_EXPORT_SECRET' },
};

test.each([
  ['a folder above', { to: { folder: '../secrets' } }],
  ['a folder above, further in', { to: { folder: 'a/../../b' } }],
  ['a folder from the root', { to: { folder: '/etc' } }],
  ['this folder', { to: { folder: '.' } }],
  ['a hidden folder', { to: { folder: 'a/.ssh' } }],
  ['an empty name between', { to: { folder: 'a//b' } }],
  ['a folder of Windows', { to: { folder: 'C:\\x' } }],
  ['a NUL', { to: { folder: 'a\0b' } }],
  ['a name with a way in it', { name: '../x' }],
  ['a view with SQL in it', { what: 'profiles; DROP' }],
  ['a view and SQL', { sql: 'SELECT 1' }],
  ['neither', { what: undefined }],
  ['fields of a view', { what: 'orders', fields: ['traits.email'] }],
  ['a field that there is not', { fields: ['money'] }],
  ['a compressed Parquet', { format: 'parquet', compression: 'gzip' }],
  ['two places', { to: { folder: 'a', s3: S3 } }],
  ['another variable as credentials', { to: { s3: { ...S3, accessKeyId: 'env:KENAL_STEWARD_KEY' } } }],
  ['a key written out', { to: { s3: { ...S3, secretAccessKey: 'abc' } } }],
  ['a prefix with a way in it', { to: { s3: { ...S3, prefix: '/../x?' } } }],
  ['a schedule that is none', { schedule: 'daily' }],
])('%s is refused', (_what, change) => {
  expect(exportSchema.safeParse({ name: 'crm', what: 'profiles', ...change }).success).toBe(false);
});

test('an export needs a name and what; the rest has defaults', () => {
  expect(exportSchema.parse({ name: 'crm', what: 'profiles' })).toEqual({
    ...{ name: 'crm', what: 'profiles', format: 'csv', compression: 'none', to: {} },
  });
  expect(exportSchema.safeParse({ name: 'crm', sql: 'SELECT 1', to: { s3: S3 } }).success).toBe(true);
});

test('names of fields stay names, whatever is in them', () => {
  const statement = exportStatement({ what: 'profiles', fields: ["traits.a'b\\`c", 'version'] });
  expect(statement).toContain(`JSONType(traits, 'a\\'b\\\\\`c')`);
  expect(statement).toContain("AS `traits.a'b\\\\\\`c`, version FROM profiles");
  expect(exportStatement({ sql: ' SELECT 1 ;;' })).toBe('SELECT 1');
});
