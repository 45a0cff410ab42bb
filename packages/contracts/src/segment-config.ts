import { z } from 'zod';
import type { ComputedTraitConfig } from './computed-config.ts';
import { isAsking, TESTS, type ValueTests } from './value-test.ts';

/** Of declared traits and segments: they stand in paths of the change feed and in SQL. */
const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const NAME_FAULT = 'must be named with a lower case letter first and only such, digits and _';

/** What a condition asks about. */
const SUBJECTS = ['trait', 'computed', 'segment', 'mart'] as const;
const KINDS = ['and', 'or', 'not', ...SUBJECTS] as const;
const SQL_NAME = /^[a-z][a-z0-9_]*$/;

/** Who is in a segment: a question about a profile, or others joined with and, or, not. */
export interface SegmentCondition extends ValueTests {
  readonly and?: readonly SegmentCondition[] | undefined;
  readonly or?: readonly SegmentCondition[] | undefined;
  readonly not?: SegmentCondition | undefined;
  readonly trait?: string | undefined;
  readonly computed?: string | undefined;
  readonly segment?: string | undefined;
  readonly mart?: string | undefined;
  readonly column?: string | undefined;
}

const conditionSchema: z.ZodType<SegmentCondition> = z.lazy(() =>
  z
    .strictObject({
      and: z.array(conditionSchema).min(1).optional().describe('all of these hold'),
      or: z.array(conditionSchema).min(1).optional().describe('one of these holds'),
      not: conditionSchema.optional().describe('this does not hold'),
      trait: z.string().min(1).optional().describe('a trait that was said'),
      computed: z.string().optional().describe('a trait of `computed`'),
      segment: z.string().optional().describe('another segment: who is in it'),
      mart: z
        .string()
        .regex(SQL_NAME, { error: 'must name a view with a profile_id, such as rfm' })
        .optional()
        .describe('a view with a row of the profile, `column` of it'),
      column: z.string().regex(SQL_NAME, { error: 'must name a column' }).optional(),
      ...TESTS,
    })
    .superRefine((condition, ctx) => {
      const add = (message: string, ...path: PropertyKey[]): void => ctx.addIssue({ code: 'custom', path, message });
      const given = KINDS.filter((kind) => condition[kind] !== undefined);
      const [kind] = given;
      if (given.length !== 1 || kind === undefined) return add(`must have exactly one of ${KINDS.join(', ')}`);
      const asks = kind === 'trait' || kind === 'computed' || kind === 'mart';
      if (asks !== isAsking(condition))
        add(asks ? 'must say what to ask of it: eq, in, gte, exists …' : `must have no tests beside ${kind}`);
      if ((kind === 'mart') !== (condition.column !== undefined))
        add(kind === 'mart' ? 'must be given: the column of the mart' : 'must be left out', 'column');
    }),
);

/** An entry of `segments` of a workspace. */
export const segmentSchema = z
  .strictObject({
    where: conditionSchema.optional(),
    sql: z.string().trim().min(1).optional().describe('SELECT that gives the profile_id of everybody who is in it'),
  })
  .superRefine(({ where, sql }, ctx) => {
    if ((where === undefined) === (sql === undefined))
      ctx.addIssue({ code: 'custom', path: [], message: 'must have exactly one of where, sql' });
  });
export type SegmentConfig = z.infer<typeof segmentSchema>;

export interface ComputedFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Names that would have been right. */
  readonly known?: ReadonlySet<string>;
}

/** Names that are none, conditions on what is not declared, and segments that hang on themselves. */
export function computedFaults({
  computed,
  segments,
}: {
  readonly computed: Readonly<Record<string, ComputedTraitConfig>>;
  readonly segments: Readonly<Record<string, SegmentConfig>>;
}): ComputedFault[] {
  const known = { computed: new Set(Object.keys(computed)), segment: new Set(Object.keys(segments)) };
  const misnamed = Object.entries({ computed, segments }).flatMap(([list, named]) =>
    Object.keys(named)
      .filter((name) => !NAME.test(name))
      .map((name) => ({ path: [list, name], message: NAME_FAULT })),
  );
  const misled = Object.entries(segments).flatMap(([name, { where }]) => {
    const at = ['segments', name];
    if (where === undefined) return [];
    const faults = leavesOf(where, [...at, 'where']).flatMap(({ path, condition }) =>
      (['computed', 'segment'] as const).flatMap((kind): ComputedFault[] => {
        const asked = condition[kind];
        if (asked === undefined || known[kind].has(asked)) return [];
        const legal = known[kind].size === 0 ? 'the workspace has none' : [...known[kind]].join(', ');
        const list = kind === 'computed' ? 'computed' : 'segments';
        return [{ path: [...path, kind], message: `must name an entry of \`${list}\`: ${legal}`, known: known[kind] }];
      }),
    );
    const circle = faults.length === 0 && hangsOn(name, segments).has(name);
    return circle ? [{ path: at, message: 'must not hang on itself, not even through other segments' }] : faults;
  });
  return [...misnamed, ...misled];
}

function leavesOf(
  condition: SegmentCondition,
  path: readonly PropertyKey[],
): { readonly path: readonly PropertyKey[]; readonly condition: SegmentCondition }[] {
  const { and, or, not } = condition;
  if (not !== undefined) return leavesOf(not, [...path, 'not']);
  const [word, list] = and === undefined ? ['or', or] : ['and', and];
  return list?.flatMap((one, i) => leavesOf(one, [...path, word, i])) ?? [{ path, condition }];
}

/** Segments that a segment names, directly or through others. */
function hangsOn(name: string, segments: Readonly<Record<string, SegmentConfig>>): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (one: string): void => {
    const where = segments[one]?.where;
    for (const { condition } of where === undefined ? [] : leavesOf(where, [])) {
      const { segment } = condition;
      if (segment === undefined || found.has(segment)) continue;
      found.add(segment);
      look(segment);
    }
  };
  look(name);
  return found;
}
