import { batchOf, createEventEncoder, createSource, DEFAULT_LIMITS } from '@kenal/collector-kit';
import { kenalConfigSchema, type Micros } from '@kenal/contracts';
import { createLogger, hashKey } from '@kenal/service-kit';

/** What the tracking API would say of an event, without sending it. */
export interface Judgement {
  /** Code of the error catalogue. */
  readonly code: string;
  readonly reason: string;
}

/**
 * The tracking API's own code under its default limits, for a source of no particular workspace.
 * @param now when the events would arrive: one may not lie more than a day after it
 * @param types identifier types that the mapping names; the workspace may declare them
 * @returns of the JSON text of an event: null where it would be accepted
 */
export function createJudge(now: Micros, types: readonly string[]): (event: string) => Judgement | null {
  const encode = createEventEncoder(DEFAULT_LIMITS, createLogger({ name: 'import', level: 'silent' }));
  const { workspaces } = kenalConfigSchema.parse({
    workspaces: [
      {
        id: 'dry-run',
        identity: { types },
        sources: [{ id: 'import', kind: 'import', keys: [{ key: hashKey('of nobody') }] }],
      },
    ],
  });
  const [workspace] = workspaces;
  const [entry] = workspace?.sources ?? [];
  if (workspace === undefined || entry === undefined) throw new Error('the schema dropped the only source');
  const source = createSource(workspace, entry);
  const receipt = { collector: 'dry-run', sequence: 1 };
  return (event) => {
    const batch = batchOf([JSON.parse(event)], { sizeOf: () => Buffer.byteLength(event) });
    const outcome = encode(source, batch, 0, now, receipt);
    return outcome.ok ? null : { code: outcome.fault.code, reason: outcome.fault.reason };
  };
}
