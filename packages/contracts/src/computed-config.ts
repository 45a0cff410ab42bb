import { z } from 'zod';
import { valueTestSchema } from './value-test.ts';

/** Views whose rows can be counted in place of events: when each happened, what tells them apart, and what can be asked. */
export const COUNTED_VIEWS = {
  orders: {
    time: 'ordered_at',
    key: ['source', 'order_id'],
    columns: ['order_id', 'status', 'total', 'refunded', 'net', 'currency', 'source'],
  },
  order_items: {
    time: 'occurred_at',
    key: ['source', 'order_id', 'line'],
    columns: ['order_id', 'item_id', 'name', 'category', 'quantity', 'price', 'amount', 'currency', 'source'],
  },
  calls: {
    time: 'started_at',
    key: ['source', 'call_id'],
    columns: ['direction', 'outcome', 'agent', 'queue', 'answer_seconds', 'talk_seconds', 'handle_seconds', 'source'],
  },
  interactions: {
    time: 'occurred_at',
    key: ['source', 'message_id'],
    columns: ['name', 'type', 'channel', 'direction', 'source', 'campaign_id', 'actor_id', 'amount', 'currency'],
  },
} as const;
export type CountedView = keyof typeof COUNTED_VIEWS;

export const AGGREGATES = [
  ...['count', 'sum', 'mean', 'min', 'max', 'first', 'last', 'most_frequent', 'unique_list', 'time_since'],
] as const satisfies readonly string[];
const WITHOUT_PROPERTY: readonly string[] = ['count', 'time_since'];

const WINDOW = /^[1-9]\d{0,3}[hdwmy]$/;

const aggregateSchema = z
  .strictObject({
    event: z.string().min(1).optional().describe('name of the events; or `of`'),
    of: z
      .enum(Object.keys(COUNTED_VIEWS) as [CountedView, ...CountedView[]])
      .optional()
      .describe('rows of this view in place of events'),
    property: z
      .string()
      .min(1)
      .optional()
      .describe('of an event a property, `address.city` one inside another; of a view a column'),
    where: z
      .record(z.string().min(1), valueTestSchema)
      .default({})
      .describe('only those with these properties, or columns'),
    window: z
      .string()
      .regex(WINDOW, { error: 'must be a number and h, d, w, m or y, such as 90d' })
      .optional()
      .describe(
        'hours back from now; or days, weeks, months, years back from the beginning of today, in the time zone of the workspace; default: ever',
      )
      .meta({ wanted: 'a number and h, d, w, m or y, such as 90d' }),
  })
  .superRefine(({ event, of, property, where }, ctx) => {
    const add = (path: PropertyKey[], message: string): void => ctx.addIssue({ code: 'custom', path, message });
    if ((event === undefined) === (of === undefined))
      add(['event'], event === undefined ? 'must be given, or `of`' : 'must be left out where `of` is given');
    if (of === undefined) return;
    const columns: readonly string[] = COUNTED_VIEWS[of].columns;
    const check = (path: PropertyKey[], column: string): void => {
      if (!columns.includes(column)) add(path, `must name a column of ${of}: ${columns.join(', ')}`);
    };
    if (property !== undefined) check(['property'], property);
    for (const column of Object.keys(where)) check(['where', column], column);
  })
  .meta({ id: 'Aggregate' });
export type AggregateConfig = z.infer<typeof aggregateSchema>;

export type AggregateName =
  | 'count'
  | 'sum'
  | 'mean'
  | 'min'
  | 'max'
  | 'first'
  | 'last'
  | 'most_frequent'
  | 'unique_list'
  | 'time_since';

const one = aggregateSchema.optional();
const sql = z.string().trim().min(1).optional();

/** An entry of `computed` of a workspace: how one trait is computed of everybody. */
export const computedTraitSchema = z
  .strictObject({
    count: one.describe('how many; who has none has no value'),
    sum: one,
    mean: one,
    min: one,
    max: one,
    first: one.describe('value of the earliest that has one'),
    last: one.describe('value of the latest that has one'),
    most_frequent: one.describe('of equally frequent ones the one that sorts first'),
    unique_list: one.describe('the different values, sorted, at most 100'),
    time_since: one.describe('whole days since the latest, in the time zone of the workspace'),
    sql: sql.describe('SELECT that gives profile_id and value, one value a profile'),
    unit: z
      .number()
      .min(0)
      .default(0)
      .describe('a number is told again where it has moved by more than this, and by a tenth at least'),
  })
  .superRefine((trait, ctx) => {
    const given = WAYS.filter((way) => trait[way] !== undefined);
    if (given.length !== 1)
      ctx.addIssue({ code: 'custom', path: [], message: `must have exactly one of ${WAYS.join(', ')}` });
    for (const name of AGGREGATES as readonly AggregateName[]) {
      const { property } = trait[name] ?? {};
      if (trait[name] === undefined || (property === undefined) === WITHOUT_PROPERTY.includes(name)) continue;
      const message = property === undefined ? `must be given: of what the ${name} is` : `must be left out of ${name}`;
      ctx.addIssue({ code: 'custom', path: [name, 'property'], message });
    }
  });
const WAYS = [...(AGGREGATES as readonly AggregateName[]), 'sql'] as const;

export type ComputedTraitConfig = z.infer<typeof computedTraitSchema>;
