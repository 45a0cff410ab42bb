import type { CandidateIndex, KenalConfig, LogBatch, RecordName, Resolved } from '@kenal/contracts';
import { createCodec } from '@kenal/event-log';
import { LATE } from './late.ts';
import type { LinkerMetrics } from './linker-metrics.ts';
import type { Models } from './models.ts';
import type { WeighApart } from './steps/weigh-apart.ts';

export interface StreamDeps {
  readonly config: KenalConfig;
  readonly index: CandidateIndex;
  readonly models: Models;
  readonly weighApart: WeighApart;
  /** Asks for a pass, where the index of the model in force is lost. */
  readonly askForPass: (workspace: string) => Promise<void>;
  readonly metrics: LinkerMetrics;
}

/**
 * Records as they come in, a batch of one partition at a time: whoever identified themselves is weighed under the model in
 * force. Rejects where the stores are away: the batch comes again then.
 */
export function createStream(deps: StreamDeps): (batch: LogBatch) => Promise<void> {
  const { decode } = createCodec<Resolved>('resolved');
  const open = new Set(deps.config.workspaces.filter(({ linkage }) => linkage.streaming).map(({ id }) => id));

  function pick({ records }: LogBatch): Map<string, Map<string, RecordName>> {
    const picked = new Map<string, Map<string, RecordName>>();
    for (const { value } of records) {
      let resolved: Resolved;
      try {
        resolved = decode(value);
      } catch {
        deps.metrics.skipped.inc({ reason: 'unreadable' }); // the loader keeps it as a failed event
        continue;
      }
      const { owner, interaction } = resolved;
      if (owner === '' || interaction.type !== 'identify' || !open.has(interaction.workspace)) continue;
      const own = picked.get(interaction.workspace) ?? new Map<string, RecordName>();
      picked.set(
        interaction.workspace,
        own.set(`${interaction.source}\n${owner}`, { owner, source: interaction.source }),
      );
    }
    return picked;
  }

  async function weigh(workspace: string, records: readonly RecordName[]): Promise<void> {
    const indexes = await deps.index.models(workspace);
    if (indexes.includes(LATE))
      await deps.index.put(
        workspace,
        LATE,
        records.map((record) => ({ ...record, keys: [], isLate: true })),
      );
    const version = (await deps.models.inForce(workspace))?.model.version;
    if (version === undefined) return;
    if (!indexes.includes(version)) await deps.askForPass(workspace);
    await deps.weighApart(workspace, records);
  }

  return async function onBatch(batch) {
    for (const [workspace, records] of pick(batch)) await weigh(workspace, [...records.values()]);
    deps.metrics.lag.set(batch.highWatermark - batch.records.at(-1)!.offset - 1);
  };
}
