import type { CandidateIndex, LinkageModel } from '@kenal/contracts';
import type { RecordColumn } from '@kenal/identity/linkage';
import type { Door } from '../door.ts';
import { LATE } from './late.ts';
import type { LinkageSession } from './linkage/session.ts';
import type { ModelInForce, Models } from './models.ts';
import type { PassHook } from './pass-hook.ts';
import type { PassRun } from './pass-run.ts';
import type { FillIndex } from './steps/fill-index.ts';
import type { KnownLinks } from './steps/known-links.ts';
import type { LinkPairs, PassCounts } from './steps/link-pairs.ts';
import type { ReadRecords } from './steps/read-records.ts';
import { createRoll } from './steps/roll.ts';
import type { WeighLate } from './steps/weigh-late.ts';
import type { WithdrawStale } from './steps/withdraw-stale.ts';

export interface PassSteps {
  readonly readRecords: ReadRecords;
  readonly openTable: (columns: readonly RecordColumn[], model: LinkageModel | null, run: PassRun) => LinkageSession;
  readonly fillIndex: FillIndex;
  readonly knownLinks: KnownLinks;
  readonly linkPairs: LinkPairs;
  readonly withdrawStale: WithdrawStale;
  readonly weighLate: WeighLate;
  readonly door: Pick<Door, 'model'>;
  readonly models: Models;
  readonly index: CandidateIndex;
  /** Resolves when everything that is on the log by now is stored in the warehouse, or after a while. */
  readonly settled: () => Promise<unknown>;
  /** Resolves when every process knows the model that was put in force. */
  readonly switched: (workspace: string, version: string) => Promise<void>;
  readonly onStep: PassHook;
}

export interface Pass {
  readonly workspace: string;
  readonly columns: readonly RecordColumn[];
  /** The model to use; null: learn one. */
  readonly known: ModelInForce | null;
  readonly run: PassRun;
}

/**
 * A pass over all records of a workspace, in order. Cut off anywhere and run again it comes to the same: links and
 * suggestions that are there already are left alone.
 */
export function createPass(steps: PassSteps): (pass: Pass) => Promise<PassCounts> {
  const { door, index, onStep } = steps;
  return async function pass({ workspace, columns, known, run }) {
    // From here on the stream keeps aside what comes in, and what came before is in the warehouse.
    await index.begin(workspace, LATE);
    await steps.settled();

    // Into the table as they are read; here only their names stay.
    await run.note({ step: 'reading records' });
    const roll = createRoll();
    await using table = steps.openTable(columns, known?.model ?? null, run);
    for await (const records of steps.readRecords(workspace, columns)) await table.add(roll.take(records));
    await run.note({ records: roll.size });
    if (roll.size < 2) return { ...NOTHING_FOUND, records: roll.size };
    onStep('read');

    const { model } = await table.link();
    await run.note({ step: 'indexing', model: model.version, learnt: known === null });
    await steps.fillIndex(workspace, model.version, table, roll);
    onStep('indexed');

    // Links first: they count for nothing until their model is in force, so the switch is one word.
    await run.note({ step: 'linking' });
    const { version } = model;
    const isInForce = (await steps.models.inForce(workspace))?.model.version === version;
    const before = await steps.knownLinks(workspace, version);
    const { found, ...counts } = await steps.linkPairs(workspace, { version, isInForce }, before, table, roll);
    onStep('linked');
    if (!isInForce) {
      await run.note({ step: 'switching' });
      await door.model(workspace, model, `learnt from ${roll.size} records`);
      onStep('switched');
      await steps.switched(workspace, version);
    }

    // What the records no longer say, and what came in meanwhile.
    const withdrawn = await steps.withdrawStale(workspace, version, before, found);
    const skipped = await steps.weighLate(workspace);
    await index.retain(workspace, [version]);
    return { ...counts, records: roll.size, withdrawn, skipped };
  };
}

const NOTHING_FOUND: PassCounts = { records: 0, pairs: 0, links: 0, withdrawn: 0, suggestions: 0, skipped: 0 };
