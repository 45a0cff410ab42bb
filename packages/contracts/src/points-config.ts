import { z } from 'zod';

/** Rules that count orders rather than single events: an order is worth what of it was not given back. */
export const ORDER_EVENTS: readonly string[] = ['order', 'Order Completed'];

const count = z.number().int().positive().max(1e9, { error: 'must be at most 1000000000' });

const perSchema = z.strictObject({
  amount: z
    .number()
    .positive()
    .max(1e9, { error: 'must be at most 1000000000' })
    .refine((value) => Number(value.toFixed(6)) === value, { error: 'must have at most 6 digits after the point' })
    .describe('money in the currency of the workspace; whole ones of it count'),
  points: count.describe('points for each of them'),
});

/** A rule of `points` of a workspace: what earns how many. */
export const pointRuleSchema = z
  .strictObject({
    name: z.string().min(1),
    for: z
      .enum(['customer', 'staff'])
      .default('customer')
      .describe('who gets them: whom the event is of, or who acted'),
    event: z
      .string()
      .min(1)
      .describe('name of a track event; `order` or Order Completed: an order, less what came back of it'),
    points: count.optional().describe('points for each event'),
    per: perSchema.optional().describe('points by the money of the event, in place of `points`'),
    where: z
      .record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()]))
      .default({})
      .describe('properties that the event must have, with their values'),
    expiresMonths: z
      .number()
      .int()
      .min(1)
      .max(1200)
      .optional()
      .describe('calendar months after which points that were not redeemed are gone; default: never'),
    max: z
      .strictObject({ points: count, per: z.enum(['day', 'week', 'month', 'year']) })
      .optional()
      .describe('most points that one gets by this rule in a calendar day, week (from Monday), month or year'),
  })
  .superRefine(({ points, per }, ctx) => {
    if ((points === undefined) !== (per === undefined)) return;
    const message = points === undefined ? 'must be given, or `per`' : 'must be left out where `per` is given';
    ctx.addIssue({ code: 'custom', path: ['points'], message });
  });

export type PointRuleConfig = z.infer<typeof pointRuleSchema>;
