import type { CandidateIndex } from '@kenal/contracts';
import type { LinkageSession } from '../linkage/session.ts';
import type { Roll } from './roll.ts';

export type FillIndex = (workspace: string, model: string, table: LinkageSession, roll: Roll) => Promise<void>;

/** Put every record of the table into the index of its model. */
export function createFillIndex(index: CandidateIndex): FillIndex {
  return async function fillIndex(workspace, model, table, roll) {
    await index.begin(workspace, model);
    for await (const rows of table.keys())
      await index.put(
        workspace,
        model,
        rows.map(({ row, keys }) => ({ ...roll.nameOf(row), keys })),
      );
  };
}
