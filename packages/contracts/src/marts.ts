import { z } from 'zod';
import { isCron } from './cron.ts';
import type { NewJob } from './ports/job-queue.ts';

/** What anybody may know of a mart that is computed and stored; how it is computed, `job-runner` knows. */
export interface MartFacts {
  /** What it holds, in one line. */
  readonly what: string;
  /** When it is refreshed, as cron writes it, in the time zone of the workspace; null: on request only. */
  readonly schedule: string | null;
  /** Views that show what it stores. One that bears its own name is not among them. */
  readonly views: readonly string[];
  /** Whether it takes long and much memory. */
  readonly isHeavy?: true;
}

/** The marts that jobs refresh, in the order in which all of them are: what others are computed from comes first. */
export const MARTS = {
  customer_day: {
    what: 'a customer, day and currency: what was bought and what came back',
    schedule: '*/5 * * * *',
    views: [],
  },
  models: {
    what: 'fits of how customers buy, spend, stay away and give',
    views: ['model_registry'],
    schedule: '0 2 * * 0',
    isHeavy: true,
  },
  scores: {
    what: 'a customer and currency: what to expect, and who is about to stay away',
    views: ['clv_predictive', 'churn'],
    // In time for `computed`
    schedule: '5-59/15 * * * *',
    isHeavy: true,
  },
  products: {
    what: 'what is bought together, and what to offer to whom',
    views: ['associations', 'also_bought', 'next_best'],
    schedule: '0 4 * * *',
    isHeavy: true,
  },
  needs: {
    what: 'groups of customers by what their money goes to; the view `needs` itself is never behind',
    views: ['need_fits', 'need_segments', 'need_segment_profiles'],
    schedule: '0 4 * * 0',
    isHeavy: true,
  },
  drivers: {
    what: 'what goes along with lapsing',
    schedule: '20 4 * * 0',
    views: ['loyalty_drivers'],
    isHeavy: true,
  },
  computed: {
    what: 'what profiles show of scores, computed traits and segments: told where it has changed',
    schedule: '*/15 * * * *',
    views: ['computed_attributes', 'segment_members', 'segment_log'],
  },
  triggers: {
    what: 'what rules of kenal.yaml wait for, and what is to be done about it',
    schedule: '*/5 * * * *',
    views: ['actions'],
  },
} as const satisfies Readonly<Record<string, MartFacts>>;
export type MartName = keyof typeof MARTS;

/** Marts that are views and have no `_as_of`: a row says itself when it is of, or there is today only. */
export const TIMELESS_MARTS: readonly string[] = ['customer_history', 'order_timeline', 'profile_gaps'];

/** The same for whoever comes with any name. */
const FACTS: Readonly<Record<string, MartFacts>> = MARTS;
export const MART_NAMES: readonly string[] = Object.keys(MARTS);

/** Ways to a refresh: what is quick never waits behind what is heavy. */
export const MART_LANES = ['quick', 'heavy'] as const;
export type MartLane = (typeof MART_LANES)[number];

/** Data of the job that refreshes a mart. */
export interface MartAsk {
  readonly workspace: string;
  readonly mart: string;
  readonly full: boolean;
}

/** Name of the jobs of a workspace and lane: no workspace waits behind another. */
export function martQueue(workspace: string, lane: MartLane): string {
  // Names of jobs have no _, and no two workspaces the same
  return `mart-${lane}-${workspace.replaceAll('-', '--').replaceAll('_', '-u')}`;
}

/** The job that refreshes a mart; from nothing it is heavy, whatever it is else, and no other one's twin. */
export function martJob({ workspace, mart, full }: MartAsk): NewJob {
  const lane = martLane({ mart, full });
  const data = { workspace, mart, full };
  return { name: martQueue(workspace, lane), data, uniqueKey: full ? `${mart}/full` : mart };
}

/** Names a refresh: ids of jobs differ within a lane. */
export function martRunId(ask: Pick<MartAsk, 'mart' | 'full'>, job: string): string {
  return `${martLane(ask)}-${job}`;
}

/** @returns null where it is the name of no refresh */
export function martRunOf(id: string): { readonly lane: MartLane; readonly job: string } | null {
  const lane = MART_LANES.find((each) => id.startsWith(`${each}-`));
  return lane === undefined ? null : { lane, job: id.slice(lane.length + 1) };
}

function martLane({ mart, full }: Pick<MartAsk, 'mart' | 'full'>): MartLane {
  return full || FACTS[mart]?.isHeavy === true ? 'heavy' : 'quick';
}

const CRON = 'a cron expression of 5 or 6 fields, such as 0 3 * * *, each within its range';
export const cronSchema = z.string().refine(isCron, { error: `must be ${CRON}` });
// No union: of one it cannot be told which was meant
const cronOrOff = z.string().refine((text) => text === 'off' || isCron(text), { error: `must be off, or ${CRON}` });

/** `marts` of a workspace. */
export const martsSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('whether marts are refreshed by the clock; `kenal mart refresh` does it at any time'),
  schedules: z
    .record(z.string(), cronOrOff)
    .default({})
    .describe(
      'when a mart is refreshed, by its name, as cron writes it, in the time zone of the workspace; off: on request only; `kenal mart ls` names them',
    ),
});

export type MartsConfig = z.infer<typeof martsSchema>;

/** When a mart of a workspace is refreshed by the clock, as cron writes it; null: on request only. */
export function martSchedule({ enabled, schedules }: MartsConfig, mart: string): string | null {
  const wanted = schedules[mart] ?? FACTS[mart]?.schedule ?? null;
  return enabled && wanted !== 'off' ? wanted : null;
}
