import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnvironment } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { environmentSchema, smtpOptionsOf } from './config.ts';

const optionsOf = (variables: Record<string, string>) => smtpOptionsOf(parseEnvironment(environmentSchema, variables));

test('by default mail comes in by port 2525 or the next free one, without STARTTLS; a port that is asked for is kept to', () => {
  expect(optionsOf({})).toMatchObject({
    host: '127.0.0.1',
    port: { number: 2525, onTaken: 'next' },
    certificate: null,
  });
  expect(optionsOf({ KENAL_SMTP_PORT: '25', KENAL_HOST: '0.0.0.0', KENAL_SMTP_NAME: 'mx.shop.example' })).toMatchObject(
    {
      ...{ host: '0.0.0.0', name: 'mx.shop.example' },
      port: { number: 25, onTaken: 'fail' },
    },
  );
});

test('a certificate is read with its key; one without the other, or that is not there, is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kenal-smtp-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(cert, 'a certificate');
  writeFileSync(key, 'a key');
  expect(optionsOf({ KENAL_SMTP_CERT: cert, KENAL_SMTP_KEY: key }).certificate).toEqual({
    cert: Buffer.from('a certificate'),
    key: Buffer.from('a key'),
  });
  expect(() => optionsOf({ KENAL_SMTP_CERT: cert })).toThrow(/KENAL_SMTP_KEY/);
  expect(() => optionsOf({ KENAL_SMTP_CERT: cert, KENAL_SMTP_KEY: `${key}.none` })).toThrow(/KENAL_SMTP_KEY/);
  expect(() => optionsOf({ KENAL_SMTP_PORT: 'smtp' })).toThrow(/KENAL_SMTP_PORT/);
  rmSync(folder, { recursive: true });
});
