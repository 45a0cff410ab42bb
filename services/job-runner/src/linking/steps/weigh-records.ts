import type { CandidateIndex, ComponentSnapshot, IdentityState, LinkageModel, RecordName } from '@kenal/contracts';
import { sourceRecordOf } from '@kenal/identity';
import { candidateKeys, cellsOf, type RawRecord, type RecordColumn, scoreAgainst } from '@kenal/identity/linkage';
import { doubtOf } from '../linkage/doubt.ts';
import type { LinkerMetrics } from '../linker-metrics.ts';
import type { Models } from '../models.ts';
import type { RevokedSources } from '../revoked-sources.ts';
import type { JudgePairs, Suspect } from './judge-pairs.ts';
import type { SubmitLinks } from './submit-links.ts';
import type { Suggestions } from './suggestions.ts';

export interface WeighRecordsDeps {
  readonly state: Pick<IdentityState, 'load'>;
  readonly index: CandidateIndex;
  readonly models: Models;
  readonly columnsOf: (workspace: string) => readonly RecordColumn[];
  readonly revokedSources: RevokedSources;
  readonly judgePairs: JudgePairs;
  readonly submitLinks: SubmitLinks;
  readonly suggestions: Suggestions;
  readonly metrics: LinkerMetrics;
}

/**
 * Weigh records against all others that share a block with them, as the identity state knows them now: hand in links, keep
 * questions. Done twice it does nothing more.
 */
export type WeighRecords = (workspace: string, records: readonly RecordName[]) => Promise<void>;

export function createWeighRecords(deps: WeighRecordsDeps): WeighRecords {
  const { index, models, metrics } = deps;
  return async function weighRecords(workspace, records) {
    const inForce = await models.inForce(workspace);
    if (inForce === null) return;
    const { model } = inForce;
    const own = await readRecords(deps, workspace, records);
    const found: Suspect[] = [];
    for (const [i, cells] of own.entries()) {
      if (cells === null) continue;
      const name = records[i]!;
      const keys = candidateKeys(model, cells);
      // First put, then look: of two that come at the same moment one finds the other
      await index.put(workspace, model.version, [{ ...name, keys }]);
      const { records: others, oversize } = await index.look(workspace, model.version, keys);
      metrics.oversize.inc(oversize);
      metrics.weighed.inc();
      const strangers = others.filter(({ owner }) => owner !== name.owner);
      found.push(...(await weighAgainst(deps, workspace, model, { name, cells }, strangers)));
    }
    await conclude(deps, workspace, model.version, bestOfOwners(found));
  };
}

async function weighAgainst(
  deps: WeighRecordsDeps,
  workspace: string,
  model: LinkageModel,
  { name, cells }: { readonly name: RecordName; readonly cells: RawRecord },
  others: readonly RecordName[],
): Promise<Suspect[]> {
  if (others.length === 0) return [];
  const known = await readRecords(deps, workspace, others);
  const there = others.flatMap((other, i) => (known[i] === null ? [] : [{ name: other, cells: known[i]! }]));
  deps.metrics.candidates.inc(there.length);
  const scores = scoreAgainst(
    model,
    cells,
    there.map((other) => other.cells),
  );
  return scores.flatMap((scored, i): Suspect[] => {
    const { score, probability, contributions } = scored;
    if (score < 0) return [];
    // Whether the whole cluster allows it the identity function sees, which has all of it
    const doubt = doubtOf(scored, true);
    return [{ a: name, b: there[i]!.name, score, probability, doubt, waterfall: contributions }];
  });
}

/** @returns cells of each record, null where the identity state knows nothing to compare, or it is of a revoked source */
async function readRecords(
  { state, columnsOf, revokedSources }: WeighRecordsDeps,
  workspace: string,
  records: readonly RecordName[],
): Promise<(RawRecord | null)[]> {
  const columns = columnsOf(workspace);
  const revoked = await revokedSources(workspace);
  const { pointers, components } = await state.load(workspace, [...new Set(records.map(({ owner }) => owner))]);
  return records.map(({ owner, source }) =>
    revoked.has(source) ? null : cellsIn(components.get(pointers.get(owner) ?? ''), owner, source, columns),
  );
}

function cellsIn(
  component: ComponentSnapshot | undefined,
  owner: string,
  source: string,
  columns: readonly RecordColumn[],
): RawRecord | null {
  if (component === undefined) return null;
  const { traits, identifiers } = sourceRecordOf(component.fields, owner, source);
  const cells = cellsOf(columns, traits, identifiers);
  return Object.keys(cells).length < 2 ? null : cells;
}

/** Of several records of two owners the pair that is most likely one person's. */
function bestOfOwners(pairs: readonly Suspect[]): Suspect[] {
  const best = new Map<string, Suspect>();
  for (const pair of pairs) {
    const name = [pair.a.owner, pair.b.owner].sort().join('\n');
    const known = best.get(name);
    if (known === undefined || pair.score > known.score) best.set(name, pair);
  }
  return [...best.values()];
}

async function conclude(
  { judgePairs, submitLinks, suggestions, metrics }: WeighRecordsDeps,
  workspace: string,
  version: string,
  pairs: readonly Suspect[],
): Promise<void> {
  if (pairs.length === 0) return;
  const { links, questions } = await judgePairs(workspace, { version, isInForce: true }, pairs);
  await submitLinks(workspace, version, links, 'records of one person, as one of them came in');
  metrics.links.inc({ by: 'stream' }, links.length);
  metrics.suggestions.inc({ by: 'stream' }, await suggestions.ask(workspace, version, questions));
}
