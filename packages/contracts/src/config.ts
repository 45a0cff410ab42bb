import { z } from 'zod';
import { changesSchema } from './change-config.ts';
import { computedTraitSchema } from './computed-config.ts';
import { exportSchema } from './export-config.ts';
import { goalSchema } from './goal-config.ts';
import { IDENTIFIER_TYPE_PATTERN, IDENTIFIER_TYPES } from './identifier.ts';
import { scopedKeySchema } from './key-config.ts';
import { cronSchema, MART_NAMES, martsSchema } from './marts.ts';
import { pointRuleSchema } from './points-config.ts';
import { FROM_ENVIRONMENT, keyReference, region } from './references.ts';
import { rewardFaults } from './reward-faults.ts';
import { computedFaults, segmentSchema } from './segment-config.ts';
import { sourceSchema } from './source-config.ts';
import { tiersSchema } from './tier-config.ts';
import { triggerFaults, triggersSchema } from './trigger-config.ts';
import { webhookConfigSchema } from './webhook.ts';

const timezone = z.string().refine(isTimezone, { error: 'must be an IANA time zone, such as Europe/London' });

function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** A key as bytes, written out. Only the generated one of a development workspace stands so, in files of its owner. */
const KEY_BYTES = /^key:[0-9a-f]{64}$/;

const workspaceKey = z
  .string()
  .refine((text) => KEY_BYTES.test(text) || FROM_ENVIRONMENT.test(text), {
    error: 'must be `env:NAME` (an environment variable that holds at least 32 random characters)',
  })
  .describe('never the key itself')
  .meta({ secret: true });

/** `identity` of a workspace; also the document of a ruleset directive. */
export const identitySchema = z.strictObject({
  types: z
    .array(z.string().regex(IDENTIFIER_TYPE_PATTERN, { error: 'must be lower case letters and _' }))
    .default([])
    .describe('identifier types beside the built-in ones; they rank after them, in this order'),
  limits: z
    .record(z.string(), z.number().int().positive())
    .default({})
    .describe(
      'how many identifiers of a type one person may have; default user_id 1, loyalty_card 3, email 5, phone 5, device_id 20, anonymous_id 20, any other 5',
    ),
  caps: z
    .record(z.string(), z.number().int().positive())
    .optional()
    .describe(
      'how many people (user ids, loyalty cards) an identifier of a type may be seen with before it joins nobody; default email 3, phone 4, device_id 4, anonymous_id 4, address 8, any other 8',
    ),
  priority: z
    .array(z.string())
    .optional()
    .describe('identifier types from the strongest to the weakest; those left out follow in their usual order'),
  persons: z
    .array(z.string())
    .optional()
    .describe(
      'identifier types whose values name one person each and never join nobody; default user_id, loyalty_card',
    ),
  blocked: z
    .array(z.string())
    .default([])
    .describe('values that name nobody, as `type:value`, or as a bare value for every type; beside the built-in list'),
  blockedPatterns: z
    .array(z.string())
    .optional()
    .describe(
      'regular expressions (RE2 syntax) of values that name nobody, as `type:expression` or for every type; the whole value has to match',
    ),
});

const linkageSchema = z.strictObject({
  enabled: z
    .boolean()
    .default(false)
    .describe('whether the probabilistic pass runs by itself; `kenal identity link` runs it at any time'),
  schedule: cronSchema.default('0 3 * * *').describe('when, as cron writes it, in the time zone of the workspace'),
  retrainDays: z
    .number()
    .int()
    .positive()
    .default(30)
    .describe('a pass learns a new model where the one in force is older; before that it uses it'),
  streaming: z.boolean().default(true).describe('whether each record is weighed as it comes in, once there is a model'),
  traits: z
    .array(z.string().min(1))
    .default([])
    .describe('traits that tell people apart beside the usual ones (names, birth date, address …), by their own names'),
});

/** Which of several words on one trait holds. */
export const SURVIVORSHIPS = ['newest', 'oldest', 'longest', 'source_priority'] as const;
export type Survivorship = (typeof SURVIVORSHIPS)[number];

const DEFAULT_FRESH_DAYS = 365;

const traitSchema = z
  .strictObject({
    survivorship: z
      .enum(SURVIVORSHIPS)
      .default('newest')
      .describe(
        'which word holds where several were said. newest: the last one; oldest: the first one; longest: the one of the most characters; source_priority: the last one of the first source in `sources` that has one',
      ),
    sources: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('for source_priority: ids of sources, the most trusted first; those left out come last, by newest'),
    freshForDays: z
      .number()
      .int()
      .positive()
      .default(DEFAULT_FRESH_DAYS)
      .describe('days after which a value that nobody said again counts as stale'),
    required: z
      .boolean()
      .default(true)
      .describe('a profile without it is incomplete; false: the rule holds, but nobody has to have it'),
  })
  .superRefine(({ survivorship, sources }, ctx) => {
    const byPriority = survivorship === 'source_priority';
    if (byPriority === (sources !== undefined)) return;
    const message = byPriority
      ? 'must be given with survivorship source_priority: ids of sources, the most trusted first'
      : 'must be left out, or survivorship be source_priority';
    ctx.addIssue({ code: 'custom', path: ['sources'], message });
  });

const sqlSchema = z
  .strictObject({
    maxSeconds: z.number().int().min(10).max(240).default(10),
    maxMemoryBytes: z.number().int().min(1_000_000_000).default(1_000_000_000),
  })
  .describe('what one statement of a reader may take, also one of `computed`, `segments` and `triggers`');

const workspaceSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, { error: 'must be lower case letters, digits, - and _' }),
  timezone: timezone
    .default('UTC')
    .describe('IANA name; of imported times that have no zone; the day in reports. SQL shows times in UTC'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code of three capital letters, such as EUR' })
    .default('USD')
    .describe('ISO 4217; taken where an amount comes without one'),
  region: region.default('US').describe('ISO 3166; default region of phone numbers without +'),
  retentionDays: z.number().int().positive().default(30).describe('days that topics keep personal data'),
  readKeys: z.array(keyReference).default([]).describe('keys that may read profiles and ask SQL'),
  stewardKeys: z
    .array(keyReference)
    .default([])
    .describe('keys that may decide who is who (unlink, split, erase …), and read'),
  keys: z.array(scopedKeySchema).default([]).describe('keys with a scope of their own, beside those two'),
  erasureKey: workspaceKey
    .optional()
    .describe('by it identifiers of erased people are known again; without it nobody can be erased; must never change'),
  signingKey: workspaceKey
    .optional()
    .describe('signs webhooks and tokens of people for their own data; another one makes those of before worthless'),
  webhooks: z.array(webhookConfigSchema).default([]).describe('endpoints that changes of profiles are delivered to'),
  dangerouslyAllowLoopbackWebhooks: z
    .boolean()
    .default(false)
    .describe('whether endpoints may be on the loopback of this machine, also by http; for tests'),
  exports: z
    .array(exportSchema)
    .default([])
    .describe('what is written to a folder or a bucket, by the clock or when asked for'),
  dangerouslyAllowPrivateExports: z
    .boolean()
    .default(false)
    .describe('whether buckets of exports may be in private networks or on this machine, also by http'),
  sources: z.array(sourceSchema).min(1),
  identity: identitySchema.default({ types: [], limits: {}, blocked: [] }),
  linkage: linkageSchema.prefault({}),
  sql: sqlSchema.prefault({}),
  marts: martsSchema.prefault({}),
  traits: z
    .record(z.string().min(1), traitSchema)
    .default({})
    .describe('what is wanted of a profile, by the name of the trait, and which word on it holds'),
  computed: z
    .record(z.string(), computedTraitSchema)
    .default({})
    .describe('traits that are computed of everybody, by name; profiles show them as trait.<name>'),
  segments: z
    .record(z.string(), segmentSchema)
    .default({})
    .describe('groups of profiles, by name; profiles show them as segment.<name>'),
  tiers: tiersSchema.optional().describe('levels that customers reach by what they bring; without it there are none'),
  goals: z.array(goalSchema).default([]).describe('what is to be reached, of whom and by when'),
  points: z.array(pointRuleSchema).default([]).describe('rules by which customers and staff get points'),
  triggers: triggersSchema.prefault({}),
  changes: changesSchema.prefault({}),
});

/** The whole of `kenal.yaml`. Unknown options are refused. */
export const kenalConfigSchema = z
  .strictObject({ workspaces: z.array(workspaceSchema).min(1) })
  .superRefine(({ workspaces }, ctx) => {
    const add = (path: PropertyKey[], message: string, known?: ReadonlySet<string>): void =>
      ctx.addIssue({ code: 'custom', path, message, ...(known === undefined ? {} : { params: { known } }) });
    const ids = new Set<string>();
    const martNames = new Set(MART_NAMES);
    for (const [w, { id, sources, identity, traits, marts, webhooks, exports, ...rewards }] of workspaces.entries()) {
      const at = ['workspaces', w];
      const declared = [
        ...rewardFaults(rewards),
        ...computedFaults(rewards),
        ...triggerFaults(rewards.triggers, rewards),
      ];
      for (const { path, message, known } of declared) add([...at, ...path], message, known);
      if (repeats(ids, id)) add([...at, 'id'], 'must differ from the id of every other workspace');
      const names = new Set<string>();
      for (const [s, { id: name }] of sources.entries())
        if (repeats(names, name)) add([...at, 'sources', s, 'id'], 'must differ from the id of every other source');
      const endpoints = new Set<string>();
      for (const [n, { name }] of webhooks.entries())
        if (repeats(endpoints, name))
          add([...at, 'webhooks', n, 'name'], 'must differ from the name of every other endpoint');
      const files = new Set<string>();
      for (const [n, { name }] of exports.entries())
        if (repeats(files, name)) add([...at, 'exports', n, 'name'], 'must differ from the name of every other export');
      const types = new Set<string>([...IDENTIFIER_TYPES, ...identity.types]);
      const mustNameType = `must name an identifier type: ${some(types)}`;
      const check = (option: string, where: PropertyKey, name: string): void => {
        if (!types.has(name)) add([...at, 'identity', option, where], mustNameType, types);
      };
      const { limits, caps = {}, priority = [], persons = [] } = identity;
      for (const name of Object.keys(limits)) check('limits', name, name);
      for (const name of Object.keys(caps)) check('caps', name, name);
      for (const [i, name] of priority.entries()) check('priority', i, name);
      for (const [i, name] of persons.entries()) check('persons', i, name);
      for (const mart of Object.keys(marts.schedules))
        if (!martNames.has(mart))
          add([...at, 'marts', 'schedules', mart], `must name a mart that is refreshed: ${some(martNames)}`, martNames);
      const mustNameSource = `must name a source of the workspace: ${some(names)}`;
      for (const [trait, { sources: trusted = [] }] of Object.entries(traits)) {
        const named = new Set<string>();
        for (const [s, source] of trusted.entries()) {
          const where = [...at, 'traits', trait, 'sources', s];
          if (!names.has(source)) add(where, mustNameSource, names);
          else if (repeats(named, source)) add(where, 'must differ from every other source of the list');
        }
      }
    }
  });

/** Whether the name was seen before; it is from now on. */
function repeats(seen: Set<string>, name: string): boolean {
  return seen.size === seen.add(name).size;
}

const MOST_NAMED = 20;

/** The first names of a list that may be long. */
function some(names: ReadonlySet<string>): string {
  const more = names.size - MOST_NAMED;
  return [...names].slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` … and ${more} more` : '');
}

export type KenalConfig = z.infer<typeof kenalConfigSchema>;
export type WorkspaceConfig = KenalConfig['workspaces'][number];
export type IdentityConfig = WorkspaceConfig['identity'];
export type LinkageConfig = WorkspaceConfig['linkage'];
/** By the name of the trait. */
export type TraitsConfig = WorkspaceConfig['traits'];
