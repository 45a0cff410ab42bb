import { type GoalConfig, RFM_SEGMENTS } from './goal-config.ts';
import type { PointRuleConfig } from './points-config.ts';
import type { TiersConfig } from './tier-config.ts';

/** Options of a workspace that hang on each other. */
export interface RewardOptions {
  readonly tiers?: TiersConfig | undefined;
  readonly goals: readonly GoalConfig[];
  readonly points: readonly PointRuleConfig[];
  /** By name. */
  readonly segments: Readonly<Record<string, unknown>>;
}

/** What is wrong, at a path below the workspace. */
export interface RewardFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Names that would have been right. */
  readonly known?: ReadonlySet<string>;
}

/** Names that stand twice, and goals of what is not there. */
export function rewardFaults({ tiers, goals, points, segments }: RewardOptions): RewardFault[] {
  const byPoints =
    points.length === 0 && tiers?.measure === 'points'
      ? [{ path: ['tiers', 'measure'], message: 'must not be points without rules in `points` that give some' }]
      : [];
  return [
    ...byPoints,
    ...goals.flatMap(({ measure }, g) =>
      measure === 'points' && points.length === 0
        ? [{ path: ['goals', g, 'measure'], message: 'must not be points without rules in `points` that give some' }]
        : [],
    ),
    ...doubles('goals', goals),
    ...doubles('points', points),
    ...goals.flatMap((goal, g) =>
      goalFaults(goal, tiers, segments).map((fault) => ({ ...fault, path: ['goals', g, ...fault.path] })),
    ),
  ];
}

function doubles(list: string, named: readonly { readonly name: string }[]): RewardFault[] {
  const seen = new Set<string>();
  return named.flatMap(({ name }, i) =>
    seen.size < seen.add(name).size
      ? []
      : [{ path: [list, i, 'name'], message: `must differ from the name of every other one in \`${list}\`` }],
  );
}

function goalFaults(
  { for: scope }: GoalConfig,
  tiers: TiersConfig | undefined,
  segments: RewardOptions['segments'],
): RewardFault[] {
  if (scope === 'everybody') return [];
  const must = (option: 'tier' | 'segment', what: string, known: ReadonlySet<string>): RewardFault[] => {
    const given = scope[option];
    if (given === undefined || known.has(given)) return [];
    const legal = known.size === 0 ? 'the workspace has none' : [...known].join(', ');
    return [{ path: ['for', option], message: `must name ${what}: ${legal}`, known }];
  };
  return [
    ...must('tier', 'a level of `tiers`', new Set((tiers?.levels ?? []).map(({ name }) => name))),
    ...must('segment', 'one of `segments`, or of mart rfm', new Set([...Object.keys(segments), ...RFM_SEGMENTS])),
  ];
}
