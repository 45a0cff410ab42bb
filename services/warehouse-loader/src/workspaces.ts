import type { KenalConfig } from '@kenal/contracts';
import type { Declaration } from './declare-rows.ts';

interface WorkspaceRow {
  readonly workspace: string;
  readonly timezone: string;
  readonly currency: string;
}

/** Time zone and currency of each workspace, for the marts. */
export function declaredWorkspaces({ workspaces }: KenalConfig): Declaration<WorkspaceRow> {
  return {
    table: 'kenal.workspace_rows',
    columns: ['workspace', 'timezone', 'currency'],
    key: ['workspace'],
    rows: workspaces.map(({ id: workspace, timezone, currency }) => ({ workspace, timezone, currency })),
  };
}
