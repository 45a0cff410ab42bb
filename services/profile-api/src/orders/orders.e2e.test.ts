import { expect, test } from 'vitest';
import { useShop } from '../testing/shop.ts';
import { interactionRow } from '../testing/warehouse.ts';

const shop = useShop();

interface Answer {
  readonly code: string;
  readonly message: string;
  readonly source: string;
  readonly total: string;
}

test('an order that two sources tell of is shown of the one that is asked for; without a source it is ambiguous', async () => {
  const order = (source: string, order_total: string) => ({
    ...interactionRow('shop', `${source}-o1`, { order_id: 'o1', order_kind: 'snapshot', order_currency: 'EUR' }),
    ...{ source, order_total },
  });
  await shop.world.warehouse.insert('kenal.interaction_rows', [order('web', '12'), order('crm', '15')]);
  const ask = async (query: string) => {
    const reply = await shop.world.get(`/v1/orders/o1${query}`);
    return { status: reply.status, body: (await reply.json()) as Answer };
  };
  expect(await ask('')).toMatchObject({
    ...{ status: 409, body: { code: 'ambiguous', message: expect.stringContaining('crm, web each have an order o1') } },
  });
  expect(await ask('?source=web')).toMatchObject({ status: 200, body: { source: 'web', total: '12' } });
  expect(await ask('?source=crm')).toMatchObject({ status: 200, body: { source: 'crm', total: '15' } });
  expect((await ask('?source=app')).status).toBe(404);
});
