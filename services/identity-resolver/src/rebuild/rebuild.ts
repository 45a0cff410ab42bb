import {
  DIRECTIVES_APPLIED_PARTITION,
  type EventLog,
  type IdentityState,
  type KenalConfig,
  TOPICS,
} from '@kenal/contracts';
import { topicSpecs } from '@kenal/event-log';
import { forgetSilent } from '@kenal/identity';
import { createMetrics, type Logger } from '@kenal/service-kit';
import type { Warehouse } from '@kenal/warehouse';
import { createComponentIds } from '../deciding/component-ids.ts';
import { createResolverMetrics } from '../resolver-metrics.ts';
import { createAdoptPublished } from './adopt-published.ts';
import { beAlone } from './alone.ts';
import { chooseWorkspaces } from './choose-workspaces.ts';
import { createDecideSilently, SILENT_BELOW } from './decide-silently.ts';
import { readDirectives } from './directives.ts';
import { readRow } from './evidence-of-row.ts';
import { clearEvidence, evidencePages, stageEvidence } from './evidence-source.ts';
import { waitUntilLoaded } from './loaded-check.ts';
import { REBUILD_PARTITION } from './loss.ts';
import { createOwnersAnew } from './owners.ts';
import { clearProfiles, profilePages, stageProfiles } from './profile-source.ts';
import type { RebuildProgress, RebuiltWorkspace } from './progress.ts';
import { resumeLog } from './resume-log.ts';

export interface RebuildDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  /** With its schema up to date. */
  readonly warehouse: Warehouse;
  readonly config: KenalConfig;
  readonly logger: Logger;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Ends it between two steps; it can be done anew at any time. */
  readonly signal?: AbortSignal;
  /** How long to wait for what must be so: that no resolver runs, that the loader has all that was published; default 60 s. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 60_000;
const PUBLISHED = [TOPICS.resolved.name, TOPICS.changes.name];

/**
 * Make the identity state anew from the directives and from what the warehouse keeps of every interaction, so that the log
 * need only be read from where resolvers stood. The same evidence, people, ids and traits as before; nothing is told but
 * what is not as it was published. Cut off anywhere it is begun anew: what is there already is found again.
 * @param wanted workspaces; without it all whose state is empty
 * @throws KenalError `state_not_empty`, `still_running`, `unavailable`
 */
export async function rebuildState(
  deps: RebuildDeps,
  wanted?: readonly string[],
): Promise<readonly RebuiltWorkspace[]> {
  const { log, state, warehouse, config, patienceMs = PATIENCE_MS } = deps;
  await log.ensureTopics(topicSpecs(...config.workspaces.map(({ retentionDays }) => retentionDays)));

  // Nobody else writes meanwhile
  const alone = await beAlone(log, patienceMs);
  try {
    const chosen = await chooseWorkspaces({ log, state, config }, wanted);
    await waitUntilLoaded(log, warehouse, PUBLISHED, patienceMs);
    await state.advance(chosen.map((workspace) => ({ workspace, partition: REBUILD_PARTITION, offset: 0 })));

    // What was decided by people holds before the first interaction is seen
    const rebuilt: RebuiltWorkspace[] = [];
    for (const workspace of chosen) {
      rebuilt.push(await rebuildWorkspace(deps, workspace, alone.check));
      await alone.check();
      await resumeLog({ log, state, warehouse }, [workspace]);
    }
    return rebuilt;
  } finally {
    await alone.release();
  }
}

async function rebuildWorkspace(
  deps: RebuildDeps,
  workspace: string,
  check: () => Promise<void>,
): Promise<RebuiltWorkspace> {
  const began = performance.now();
  const { warehouse, signal } = deps;
  const told = { changes: 0 };
  const state = counting(deps.state, told);
  const tell = (phase: RebuildProgress['phase'], done: number, total: number): void => {
    signal?.throwIfAborted();
    deps.onProgress?.({ workspace, phase, done, total });
  };
  const newComponent = createComponentIds();
  const decideSilently = createDecideSilently({ state, newComponent });
  const adoptPublished = createAdoptPublished({ state, newComponent });
  const metrics = createResolverMetrics(createMetrics());
  const directives = await readDirectives({ ...deps, state, metrics }, workspace);
  const rules = directives.workspaces.of(workspace);

  // Evidence: first what people decided, then what interactions say, each person's side by side
  await directives.evidence();
  const interactions = await stageEvidence(warehouse, workspace, (rows) => tell('ordering', rows, 0));
  const owners = await createOwnersAnew(warehouse, workspace);
  let decided = 0;
  for await (const page of evidencePages(warehouse, workspace)) {
    const read = page.map((row) => readRow(row, rules));
    await owners.add(read.flatMap(({ owned }) => owned ?? []));
    await decideSilently(
      workspace,
      rules.rules,
      read.flatMap(({ evidence }) => evidence),
    );
    decided += page.length;
    tell('deciding', decided, interactions);
  }
  await clearEvidence(warehouse, workspace);
  await check();

  // Rows of other rules get the owner that the state has given their interactions
  const owned = await owners.write((done, total) => tell('owners', done, total));

  // What subscribers know: versions of today's profiles, ids of past ones
  const published = await stageProfiles(warehouse, workspace);
  let compared = 0;
  for await (const page of profilePages(warehouse, workspace)) {
    await adoptPublished(workspace, rules, page);
    compared += page.length;
    tell('comparing', compared, published);
  }
  await clearProfiles(warehouse, workspace);
  await forgetUntold(state, workspace);

  // What is not as they know it, they are told
  await directives.settle((components) => tell('telling', components, 0));
  const mark = { workspace, partition: DIRECTIVES_APPLIED_PARTITION, offset: directives.next };
  await state.advance([mark]);
  const seconds = Math.round(performance.now() - began) / 1_000;
  return { workspace, interactions, owned, published, told: told.changes, seconds };
}

/** What was decided in silence and is not as anybody knows it: the next decision finds it as news. */
async function forgetUntold(state: IdentityState, workspace: string): Promise<void> {
  let cursor: string | null = null;
  const now = Date.now() * 1_000;
  do {
    const page: Awaited<ReturnType<IdentityState['scan']>> = await state.scan(workspace, cursor);
    // What begins with * are notes of resolvers, no people
    const people = page.components.filter(({ id }) => !id.startsWith('*'));
    const commits = people.flatMap((component) => {
      const commit = forgetSilent(component, SILENT_BELOW, now);
      return commit === null ? [] : [{ ...commit, outbox: [] }];
    });
    if (commits.length > 0) await state.commit(workspace, commits);
    cursor = page.cursor;
  } while (cursor !== null);
}

/** The same state, which counts the changes on their way to subscribers. */
function counting(state: IdentityState, told: { changes: number }): IdentityState {
  return {
    ...state,
    async commit(workspace, commits, fence) {
      const applied = await state.commit(workspace, commits, fence);
      commits.forEach(({ outbox }, i) => {
        if (applied[i]) told.changes += outbox.length;
      });
      return applied;
    },
  };
}
