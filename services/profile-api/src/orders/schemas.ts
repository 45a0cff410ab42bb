import { z } from 'zod';
import { fields } from '../profiles/query.ts';

const amount = z.string().nullable().describe('decimal as text; null where it is not known');
const text = z.string().nullable();
const time = z.string().describe('ISO 8601, UTC');

const lineView = z.object({
  line: z.number().int(),
  itemId: z.string(),
  name: text,
  category: text,
  quantity: amount.describe('negative where they came back'),
  price: amount,
  amount,
  currency: text,
  occurredAt: time,
});

export const orderView = z
  .object({
    id: z.string(),
    source: z.string(),
    profileId: text.describe('today’s profile of who ordered'),
    orderedAt: time,
    status: z.string().describe('completed, partially_refunded, refunded, returned, cancelled'),
    total: amount,
    refunded: amount,
    net: amount,
    currency: text,
    faults: z.array(z.string()).describe('what of its amounts could not be read'),
    lines: z.array(lineView),
  })
  .meta({ id: 'Order' });
export type OrderView = z.infer<typeof orderView>;

export const orderParams = z.object({ order: z.string().min(1).describe('id of the order, URL-encoded') });
export const orderQuery = z.object({
  source: z.string().optional().describe('where several sources have an order of this id'),
});

export const ordersView = z
  .object({
    id: z.string().describe('profile'),
    orders: z.array(orderView).describe('newest first'),
    cursor: text.describe('give it back for the next page; null on the last one'),
  })
  .meta({ id: 'Orders' });

export const ordersQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('entries of a page, at most 100'),
  cursor: z.string().optional().describe('`cursor` of the page before'),
  fields,
});
