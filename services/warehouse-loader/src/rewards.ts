import { type KenalConfig, ORDER_EVENTS, type PointRuleConfig } from '@kenal/contracts';
import type { Declaration } from './declare-rows.ts';

interface DeclarationRow {
  readonly workspace: string;
  readonly kind: 'tiers' | 'goal' | 'points';
  readonly name: string;
  readonly place: number;
  /** JSON, as the views of the marts read it. */
  readonly declared: string;
  readonly live: boolean;
}

/** Tiers, goals and rules for points of each workspace, for the marts. */
export function declaredRewards({ workspaces }: KenalConfig): Declaration<DeclarationRow> {
  return {
    table: 'kenal.declaration_rows',
    columns: ['workspace', 'kind', 'name', 'place', 'declared', 'live'],
    key: ['workspace', 'kind', 'name'],
    rows: workspaces.flatMap(({ id: workspace, tiers, goals, points }) => {
      const row = (kind: DeclarationRow['kind'], name: string, place: number, declared: object): DeclarationRow => {
        return { workspace, kind, name, place, declared: JSON.stringify(declared), live: true };
      };
      return [
        ...(tiers === undefined ? [] : [row('tiers', 'tiers', 0, tiers)]),
        ...goals.map((goal, i) => row('goal', goal.name, i, goal)),
        ...points.map((rule, i) => row('points', rule.name, i, readable(rule))),
      ];
    }),
    retire: (row) => ({ ...row, live: false }),
  };
}

/** An order has one name; values of properties stand as their JSON does, so that SQL compares text with text. */
function readable({ event, where, ...rule }: PointRuleConfig): object {
  const conditions = Object.entries(where).map(([property, value]) => ({ property, value: JSON.stringify(value) }));
  return { ...rule, event: ORDER_EVENTS.includes(event) ? 'order' : event, where: conditions };
}
