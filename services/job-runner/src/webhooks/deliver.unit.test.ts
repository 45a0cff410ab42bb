import type { Job, JsonObject } from '@kenal/contracts';
import { createLogger, createMetrics } from '@kenal/service-kit';
import { expect, test, vi } from 'vitest';
import type { Attempt } from './attempts.ts';
import { createDeliver, type DeliverDeps } from './deliver.ts';
import type { Reply } from './post.ts';
import { ENDPOINT } from './testing/reader.ts';
import { createWebhookMetrics } from './webhook-metrics.ts';

const PING: JsonObject = {
  ...{ workspace: 'shop', endpoint: ENDPOINT.id, event: 'e', type: 'ping', profileId: '' },
  ...{ topic: '', partition: 0, offset: 0 },
};
const EVENT: JsonObject = { ...PING, type: 'action', profileId: 'p' };
const FAILED: Reply = { status: 503, error: 'answered 503', head: '', retryAfterMs: 0 };

function bench(reply: Partial<Reply>, more: Partial<DeliverDeps> = {}) {
  const noted: Attempt[] = [];
  const disable = vi.fn(async () => {});
  const envelope = { id: 'e', type: 'action', workspace: 'shop', profileId: 'p' };
  const deliver = createDeliver({
    endpointOf: async () => ENDPOINT,
    events: { at: async () => ({ kind: 'action', envelope, action: { profileId: 'p', decidedAt: 1 } }) as never },
    erased: { ofChange: async () => false, ofProfile: async () => false },
    post: async () => ({ ...FAILED, ...reply }),
    attempts: { add: (attempt) => void noted.push(attempt), isSilent: async () => true },
    disable,
    metrics: createWebhookMetrics(createMetrics()),
    clock: () => 1e15,
    logger: createLogger({ name: 'test', level: 'silent' }),
    ...more,
  });
  const run = (data: JsonObject, attempt: number) => deliver({ data, attempt, attempts: 10 } as Job);
  return { run, noted, disable };
}

test('when its attempts are used up an endpoint that took nothing for days is stopped, and told why; a ping stops nothing', async () => {
  const { run, noted, disable } = bench({});
  await expect(run(EVENT, 9)).rejects.toThrow('answered 503');
  expect(disable).not.toHaveBeenCalled();
  await expect(run(PING, 10)).rejects.toThrow('answered 503');
  expect(disable).not.toHaveBeenCalled();
  await expect(run(EVENT, 10)).rejects.toThrow('answered 503');
  expect(disable).toHaveBeenCalledWith(
    ENDPOINT,
    expect.stringContaining('took nothing for 5 days, at last: answered 503'),
  );
  expect(noted.map(({ outcome }) => outcome)).toEqual(['failed', 'dead', 'dead']);
  const patient = bench({}, { attempts: { add: () => {}, isSilent: async () => false } });
  await expect(patient.run(EVENT, 10)).rejects.toThrow();
  expect(patient.disable).not.toHaveBeenCalled();
});

test('`retry-after` makes the wait longer, by a day at most', async () => {
  await expect(bench({ retryAfterMs: 90_000 }).run(EVENT, 1)).rejects.toMatchObject({ waitMs: 90_000 });
  await expect(bench({ retryAfterMs: 1e12 }).run(EVENT, 1)).rejects.toMatchObject({ waitMs: 86_400_000 });
});

test('an event that the log has no more is dead at once; one of a person who is gone, of an endpoint that is off or gone, is over', async () => {
  const lost = bench({}, { events: { at: async () => null } });
  await expect(lost.run(EVENT, 1)).rejects.toMatchObject({ retryable: false });
  expect(lost.noted[0]).toMatchObject({ outcome: 'dead', status: 0 });
  const erased = bench({}, { erased: { ofChange: async () => true, ofProfile: async () => true } });
  await erased.run(EVENT, 1);
  expect(erased.noted[0]).toMatchObject({ outcome: 'erased', status: 0 });
  const off = bench({}, { endpointOf: async () => ({ ...ENDPOINT, enabled: false }) });
  await off.run(EVENT, 1);
  expect(off.noted[0]).toMatchObject({ outcome: 'disabled' });
  const removed = bench({}, { endpointOf: async () => undefined });
  await removed.run(EVENT, 1);
  expect(removed.noted).toEqual([]);
});
