import { type KenalConfig, wantedTraits } from '@kenal/contracts';
import type { Declaration } from './declare-rows.ts';

interface WantedRow {
  readonly workspace: string;
  readonly trait: string;
  readonly names: readonly string[];
  readonly fresh_for_days: number;
  readonly wanted: boolean;
}

/** What the configuration wants of a profile, for `kenal.profile_gaps`. */
export function declaredTraits({ workspaces }: KenalConfig): Declaration<WantedRow> {
  return {
    table: 'kenal.wanted_trait_rows',
    columns: ['workspace', 'trait', 'names', 'fresh_for_days', 'wanted'],
    key: ['workspace', 'trait'],
    rows: workspaces.flatMap(({ id: workspace, traits }) =>
      wantedTraits(traits).map(({ trait, names, freshForDays }) => {
        return { workspace, trait, names, fresh_for_days: freshForDays, wanted: true };
      }),
    ),
    retire: (row) => ({ ...row, wanted: false }),
  };
}
