import type { Interaction } from '@kenal/contracts';
import { kenalConfigSchema, type PlanConfig } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { createLogger } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { createEventEncoder } from '../encode-event.ts';
import { batchOf } from '../event-batch.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { createSource } from '../source.ts';

const encode = createEventEncoder(DEFAULT_LIMITS, createLogger({ name: 'test', level: 'silent' }));
const { decode } = createCodec<Interaction>('interaction');

function send(plan: Partial<PlanConfig>, event: object) {
  const sources = [
    { id: 'web', keys: [{ key: `sha256:${'0'.repeat(64)}` }], plan: { catalogue: ['ecommerce'], ...plan } },
  ];
  const [workspace] = kenalConfigSchema.parse({ workspaces: [{ id: 'shop', sources }] }).workspaces;
  const source = createSource(workspace!, workspace!.sources[0]!);
  const outcome = encode(source, batchOf([event]), 0, Date.now() * 1_000, { collector: 'c', sequence: 1 });
  return outcome.ok ? { ...outcome.value, interaction: decode(outcome.value.record.value) } : outcome.fault;
}

const wrong = () => ({
  ...{ type: 'track', event: 'Order Completed', userId: 'u', messageId: 'm' },
  properties: { order_id: '1', total: '12,50', products: [{ product_id: 'p', price: [] }] },
});

test('an event that is not as planned is accepted and says so', () => {
  const sent = send({}, wrong());
  expect(sent).toMatchObject({ offPlan: true, interaction: { properties: JSON.stringify(wrong().properties) } });
  const { faults, stripped } = JSON.parse('interaction' in sent ? sent.interaction.extra : '{}').kenal_plan;
  expect(faults.map(({ path }: { path: string }) => path).sort()).toEqual([
    '$.properties.products[0].price',
    '$.properties.total',
  ]);
  expect(stripped).toBeUndefined();
});

test('what is stripped is in no property and no sum, and is kept', () => {
  const sent = send({ violations: 'strip' }, wrong());
  expect(sent).toMatchObject({
    offPlan: true,
    interaction: { amount: null, properties: '{"order_id":"1","products":[{"product_id":"p"}]}' },
  });
  expect(JSON.parse('interaction' in sent ? sent.interaction.extra : '{}').kenal_plan.stripped).toEqual({
    '$.total': '12,50',
    '$.products[0].price': [],
  });
});

test('what is taken out of a list is named as its fault is, and leaves the others where they were', () => {
  const products = [{ product_id: 'p' }, 'no product', { product_id: 'q', price: '1.00' }];
  const sent = send({ violations: 'strip' }, { ...wrong(), properties: { order_id: '1', products } });
  const { interaction } = sent as Extract<typeof sent, { interaction: unknown }>;
  const { faults, stripped } = JSON.parse(interaction.extra).kenal_plan;
  expect(faults.map(({ path }: { path: string }) => path)).toEqual(['$.properties.products[1]']);
  expect(stripped).toEqual({ '$.products[1]': 'no product' });
  expect(JSON.parse(interaction.properties).products).toEqual([products[0], null, products[2]]);
});

test('the report of a plan is the plan’s alone: a client cannot write one', () => {
  const forged = { ...wrong(), properties: { order_id: '1' }, kenal_plan: { faults: [] }, other: '"kenal_plan":' };
  expect(send({}, forged)).toMatchObject({
    offPlan: false,
    interaction: { extra: JSON.stringify({ other: '"kenal_plan":' }) },
  });
  const sent = send({}, { ...forged, properties: { order_id: '1', total: '12,50' } });
  const extra = JSON.parse('interaction' in sent ? sent.interaction.extra : '{}');
  expect([Object.keys(extra).sort(), extra.kenal_plan.faults.length]).toEqual([['kenal_plan', 'other'], 1]);
});

test('what is blocked is a failed event with the path at fault; other types and good events pass untouched', () => {
  expect(send({ violations: 'block' }, wrong())).toMatchObject({
    code: 'event_off_plan',
    path: '$.properties.total',
    // All that is wrong is told at once
    reason: expect.stringMatching(/properties\.total has.*; \$\.properties\.products\[0\]\.price is/),
  });
  const unknown = { ...wrong(), event: 'Something Else' };
  expect(send({ unplanned: 'block' }, unknown)).toMatchObject({ code: 'event_off_plan', path: '$.event' });
  const good = { ...wrong(), properties: { order_id: '1', total: '12.50' } };
  expect(send({ violations: 'block' }, good)).toMatchObject({
    offPlan: false,
    interaction: { extra: '{}', amount: '12.50' },
  });
  const identify = { type: 'identify', userId: 'u', messageId: 'i', traits: { total: 'x' } };
  expect(send({ violations: 'block', unplanned: 'block' }, identify)).toMatchObject({ offPlan: false });
});
