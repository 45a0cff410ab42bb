import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createKeyring } from '@kenal/collector-kit';
import { kenalConfigSchema } from '@kenal/contracts';
import { hashKey } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { createIntake, type TakeMail } from './intake.ts';
import { SMTP_LIMITS } from './limits.ts';
import { SmtpRefusal } from './refusal.ts';

const KEYS = ['kw_first-0123456789', 'kw_second-0123456789'];
const sources = KEYS.map((key, index) => ({ id: `s${index}`, kind: 'smtp' as const, keys: [{ key: hashKey(key) }] }));
const keyring = createKeyring(kenalConfigSchema.parse({ workspaces: [{ id: 'shop', sources }] }));

function receive(take: TakeMail): Promise<void> {
  const intake = createIntake({ keyring, limits: SMTP_LIMITS, take, pace: () => 0 });
  const stream = Object.assign(new PassThrough(), { byteLength: 0, sizeExceeded: false });
  stream.end('From: ann@x.example\r\n\r\nhello\r\n');
  const rcptTo = KEYS.map((key) => ({ address: `${key}@in.shop.example` }));
  return intake(stream, { envelope: { mailFrom: false, rcptTo } } as never, () => undefined);
}

test('a mail for two sources is answered when both are through with it, also where one has refused it', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let isAnswered = false;
  const answer = receive(async ({ id }) => {
    if (id === 's0') throw new SmtpRefusal(451, 'log_unavailable', 'later');
    begin();
    await released;
  }).finally(() => {
    isAnswered = true;
  });
  const refused = expect(answer).rejects.toMatchObject({ responseCode: 451 });
  await begun;
  await setImmediate();
  expect(isAnswered).toBe(false);
  release();
  await refused;
});

test('where one source wants a mail again, it is asked for again, whatever the other says', async () => {
  const codes: Readonly<Record<string, number>> = { s0: 554, s1: 451 };
  const answer = receive(async ({ id }) => {
    throw new SmtpRefusal(codes[id]!, 'overloaded', 'no');
  });
  await expect(answer).rejects.toMatchObject({ responseCode: 451 });
});
