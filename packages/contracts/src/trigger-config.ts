import { z } from 'zod';

const whole = z.number().int().positive();
const text = z.string().min(1);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day such as 20:00' });

/** Signals that Kenal knows how to look for: name → what may be said of each. */
const signals = {
  replenishmentDue: z
    .strictObject({
      daysBefore: z.number().int().min(0).default(3).describe('days before the next purchase is due'),
      minGaps: whole.default(2).describe('gaps between buying days that must be known'),
    })
    .describe(
      'the next purchase is due by the customer’s own rhythm (mart rhythm), and at most that gap overdue again',
    ),
  lapsed: z
    .strictObject({
      overdue: z.number().positive().default(3).describe('how many times the expected gap has passed'),
      withinDays: whole.default(30).describe('who had stayed away so long earlier is let pass'),
    })
    .describe('a customer has stayed away far longer than usual (mart rhythm)'),
  caseOpen: z
    .strictObject({ hours: whole.default(48).describe('hours since it was opened or reopened') })
    .describe('a case of the customer is open for longer than that'),
  birthday: z
    .strictObject({ daysBefore: z.number().int().min(0).max(60).default(0).describe('days before the day') })
    .describe(
      'trait birthday (or birth_date, birthDate, date_of_birth, dateOfBirth) falls on the day; 29 February on the 28th in other years',
    ),
  paymentLate: z
    .strictObject({ days: z.number().int().min(0).default(7).describe('days since it was due') })
    .describe('an invoice is due and was not paid'),
  checkoutAbandoned: z
    .strictObject({ hours: whole.default(4).describe('hours since the checkout was begun') })
    .describe('a checkout was begun within the last week, and nothing ordered since'),
  event: z
    .strictObject({
      name: text.describe('name of the event'),
      where: z
        .record(text, z.union([z.string(), z.number(), z.boolean()]))
        .default({})
        .describe('property → value that it must have'),
      withinHours: whole.default(24).describe('older ones are let pass'),
    })
    .describe('the customer did something'),
  churnRisk: z
    .strictObject({ band: z.enum(['medium', 'high', 'lost']).default('high').describe('this band or a worse one') })
    .describe('the chance that the customer leaves has risen to a band (mart churn): once a band and last purchase'),
  tierChange: z
    .strictObject({ direction: z.enum(['up', 'down', 'any']).default('any') })
    .describe('the customer’s tier is another one this month than in the month before (mart tiers)'),
  segmentEntered: z
    .strictObject({ segment: text, withinHours: whole.default(24).describe('who entered earlier is let pass') })
    .describe('the customer has entered a segment of kenal.yaml'),
} as const;

const signalSchema = z
  .strictObject({
    ...(Object.fromEntries(Object.entries(signals).map(([name, schema]) => [name, schema.optional()])) as {
      [K in keyof typeof signals]: z.ZodOptional<(typeof signals)[K]>;
    }),
    sql: text
      .optional()
      .describe(
        'SELECT over the views, with columns profile_id and occurrence; each pair of these is decided once. Further columns go along as detail',
      ),
  })
  .superRefine((signal, ctx) => {
    if (Object.keys(signal).length === 1) return;
    const names = [...Object.keys(signals), 'sql'].join(', ');
    ctx.addIssue({ code: 'custom', message: `must name exactly one signal: ${names}` });
  });
export type Signal = z.infer<typeof signalSchema>;

const ruleSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, { error: 'must be lower case letters, digits, - and _' }),
  when: signalSchema,
  purpose: text.default('marketing').describe('purpose of consent under which people are contacted'),
  consent: z
    .enum(['opt_in', 'opt_out'])
    .default('opt_in')
    .describe(
      'opt_in: only who granted the purpose; opt_out: everybody but who refused it, for messages that people expect',
    ),
  holdOut: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('share of the people who would be contacted that is left alone, to measure what the rule brings'),
  outcomeDays: whole.default(14).describe('days after the decision in which an order counts as its outcome'),
  firstRun: z
    .enum(['baseline', 'send'])
    .default('baseline')
    .describe(
      'what the rule finds when it is switched on, or when what it looks for has changed. baseline: it was so before, and nobody is contacted for it; send: they are',
    ),
  action: z
    .record(text, z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('goes along in each action: channel, template, owner …'),
});
export type TriggerRule = z.infer<typeof ruleSchema>;

/** `triggers` of a workspace: on what signals which action is decided, and whom no rule ever reaches. */
export const triggersSchema = z
  .strictObject({
    cap: z
      .strictObject({ most: whole.default(3), days: whole.default(7) })
      .prefault({})
      .describe('contacts of a person in so many days: actions of all rules, and messages of campaigns'),
    quietHours: z
      .strictObject({ from: clockTime, until: clockTime })
      .optional()
      .describe('hours of the workspace’s day in which nothing is decided'),
    neverTarget: z
      .array(text)
      .default([])
      .describe('segments of kenal.yaml: who is in one of them is never contacted, by any rule'),
    rules: z.array(ruleSchema).default([]).describe('the first ones come first where a cap leaves room for one'),
  })
  .superRefine(({ rules }, ctx) => {
    for (const [i, { name }] of rules.entries())
      if (rules.findIndex((rule) => rule.name === name) < i)
        ctx.addIssue({ code: 'custom', path: ['rules', i, 'name'], message: 'must differ from every other rule' });
  })
  .superRefine(({ rules, quietHours }, ctx) => {
    const quiet = hoursOf(quietHours);
    for (const [i, { when }] of rules.entries())
      for (const name of ['event', 'segmentEntered'] as const)
        if (when[name] !== undefined && quiet > 0 && when[name].withinHours < quiet + SLACK_HOURS)
          ctx.addIssue({
            code: 'custom',
            path: ['rules', i, 'when', name, 'withinHours'],
            message: `must be at least ${Math.ceil(quiet + SLACK_HOURS)}: quietHours are ${quiet} hours, and what happens at their beginning is still to count after them`,
          });
  });
export type TriggersConfig = z.infer<typeof triggersSchema>;

/** For the night in which clocks go back, and until a run comes by. */
const SLACK_HOURS = 2;

/** How long nobody is contacted, in hours with two decimals. */
function hoursOf(quiet: { readonly from: string; readonly until: string } | undefined): number {
  if (quiet === undefined) return 0;
  const [from, until] = [quiet.from, quiet.until].map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  return Math.round((((until! - from! + 1_440) % 1_440) / 60) * 100) / 100;
}

interface TriggerFault {
  readonly path: PropertyKey[];
  readonly message: string;
  readonly known?: ReadonlySet<string>;
}

/** Segments and tiers that rules ask about and nobody declares. */
export function triggerFaults(
  { neverTarget, rules }: TriggersConfig,
  { segments, tiers }: { readonly segments: Readonly<Record<string, unknown>>; readonly tiers?: unknown },
): readonly TriggerFault[] {
  const known = new Set(Object.keys(segments));
  const named = [
    ...neverTarget.map((segment, i) => ({ segment, path: ['neverTarget', i] })),
    ...rules.flatMap(({ when }, i) => {
      const segment = when.segmentEntered?.segment;
      return segment === undefined ? [] : [{ segment, path: ['rules', i, 'when', 'segmentEntered', 'segment'] }];
    }),
  ];
  const legal = known.size === 0 ? 'the workspace has none' : [...known].join(', ');
  const message = `must name one of \`segments\`: ${legal}`;
  const untiered = rules.flatMap(({ when }, i) => (when.tierChange !== undefined && tiers === undefined ? [i] : []));
  return [
    ...named.flatMap(({ segment, path }) =>
      known.has(segment) ? [] : [{ path: ['triggers', ...path], message, known }],
    ),
    ...untiered.map((i) => ({
      path: ['triggers', 'rules', i, 'when', 'tierChange'],
      message: 'must wait until the workspace has `tiers`',
    })),
  ];
}
