import type { Clock } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import type { Warehouse } from '@kenal/warehouse';
import { forgetErased } from '../marts/forget-erased.ts';
import type { Mart, MartRefresh } from '../marts/mart.ts';
import { type Ask, StatementFault } from './ask.ts';
import { type Attribute, attributesOf } from './attributes.ts';
import type { CaughtUp } from './caught-up.ts';
import { isCrossing, type Value } from './crossing.ts';
import { namesTold } from './housekeeping.ts';
import { partsOf } from './parts.ts';
import type { Crossing, Publish } from './publish.ts';
import { sideBySide } from './side-by-side.ts';
import type { ModelSource } from './sources.ts';
import { sqlTime } from './statement.ts';
import type { Part, ReadLost, ReadTold } from './told.ts';
import { unlikeFaults } from './unlike.ts';

export interface ComputedDeps {
  readonly warehouse: Pick<Warehouse, 'query' | 'raw'>;
  readonly clock: Clock;
  readonly sources: readonly ModelSource[];
  readonly readTold: ReadTold;
  readonly readLost: ReadLost;
  readonly publish: Publish;
  readonly caughtUp: CaughtUp;
  /** For what is computed of our own marts, and for what kenal.yaml says. */
  readonly asks: { readonly own: Ask; readonly declared: Ask };
}

/** Changes on their way may trail by so long, even where nothing waits to be read; later they are lost, and told again. */
const TRAILS_MICROS = 10 * 60 * 1_000_000;
const BATCH = 5_000;
/** How the words of a refresh end that met with faults of kenal.yaml. */
export const OTHERS_UP_TO_DATE = 'all others are up to date';

/**
 * Mart `computed`: what should be said of profiles against what was said last; only what crosses is published. Declared
 * SQL that fails ends the refresh with its name and the engine's words, after all others were done.
 */
export function createComputedMart(deps: ComputedDeps): Mart {
  const { warehouse, clock, publish, caughtUp, readLost } = deps;
  return {
    async refresh(ask) {
      const { workspace, signal, note } = ask;
      const { id } = workspace;
      await forgetErased(warehouse, 'kenal.computed_rows', id);
      let rows = await publish.sendAgain(id);
      const moment = { now: sqlTime(clock()), timezone: workspace.timezone };
      const lost = (await caughtUp(id, signal)) ? await readLost(id, clock() - TRAILS_MICROS) : NOTHING_LOST;
      const attributes = attributesOf(workspace, moment, deps.sources);
      const parts = await partsOf(warehouse, id);
      const faults: string[] = [];
      for (const attribute of [...attributes, ...(await namesGone(warehouse, id, attributes))]) {
        await note(attribute.name);
        for (const part of attribute.isDeclared ? parts : [null]) {
          signal.throwIfAborted();
          try {
            rows += await refreshAttribute(deps, ask, { attribute, part, lost: lost.get(attribute.name) ?? NONE });
          } catch (error) {
            if (!(error instanceof StatementFault)) throw error;
            faults.push(`${attribute.name}: ${error.message}`);
            break;
          }
        }
      }
      faults.push(...(await unlikeFaults({ warehouse, ask: deps.asks.own }, workspace, signal)));
      if (faults.length > 0) throw new KenalError('bad_config', `${faults.join('; ')}; ${OTHERS_UP_TO_DATE}`);
      return { rows };
    },
  };
}

/** What is declared no more: nobody has it. */
async function namesGone(
  warehouse: ComputedDeps['warehouse'],
  workspace: string,
  attributes: readonly Attribute[],
): Promise<readonly Attribute[]> {
  const known = new Set(attributes.map(({ name }) => name));
  const told = await namesTold(warehouse, workspace);
  return told
    .filter(({ name, kind }) => kind !== 'score' && !known.has(name))
    .map(({ name, kind }) => ({ name, kind, isDeclared: false, unit: 0, margin: 0, statement: () => NOBODY }));
}

const NOBODY = { sql: `SELECT '', '', NULL, '', '' WHERE 0`, params: {} };

interface Wanted extends Value {
  readonly profileId: string;
  readonly fitId: string;
  readonly reason: string;
}

interface Task {
  readonly attribute: Attribute;
  readonly part: Part;
  /** Profiles that do not show what was published. */
  readonly lost: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();
const NOTHING_LOST: Awaited<ReturnType<ReadLost>> = new Map();
const NOTHING = { value: null, measure: null, fitId: '', reason: '' };

/** @returns how many profiles are told something */
async function refreshAttribute(deps: ComputedDeps, ask: MartRefresh, task: Task): Promise<number> {
  const { publish } = deps;
  let batch: Crossing[] = [];
  let told = 0;
  for await (const crossing of crossingsOf(deps, ask, task)) {
    batch.push(crossing);
    told += 1;
    if (batch.length < BATCH) continue;
    await publish.tell(batch);
    batch = [];
    ask.signal.throwIfAborted();
  }
  await publish.tell(batch);
  return told;
}

async function* crossingsOf(
  { clock, readTold, asks }: ComputedDeps,
  { workspace: { id: workspace }, signal }: MartRefresh,
  { attribute, part, lost }: Task,
): AsyncGenerator<Crossing> {
  const { name, kind, isDeclared, statement } = attribute;
  const asked = (isDeclared ? asks.declared : asks.own)(workspace, statement(part), signal);
  const now = clock();
  const pairs = sideBySide(wantedOf(asked), readTold(workspace, name, part, signal), {
    one: ({ profileId }) => profileId,
    other: ({ profileId }) => profileId,
  });
  const seen = new Set<string>();
  for await (const { one, other } of pairs) {
    const { profileId } = (one ?? other)!;
    const isLost = lost.has(profileId);
    if (isLost) seen.add(profileId);
    if (!isLost && !isCrossing(other?.value ?? null, one, attribute)) continue;
    // Later than what was told before, whatever the clocks: the newest word holds
    const computedAt = Math.max(now, (other?.at ?? 0) + 1);
    yield { ...NOTHING, ...one, workspace, profileId, name, kind, computedAt };
  }
  // Shown, though it was never told and is not so
  for (const profileId of part === null ? lost : [])
    if (!seen.has(profileId)) yield { ...NOTHING, workspace, profileId, name, kind, computedAt: now };
}

async function* wantedOf(rows: AsyncIterable<readonly unknown[]>): AsyncGenerator<Wanted> {
  let before = '';
  for await (const row of rows) {
    const [profileId, value, measure, fitId, reason] = row as [string, string, number | null, string, string];
    // Which of them is meant, nobody can tell
    if (profileId === before)
      throw new StatementFault(`it gives different values for profile ${profileId}; one is needed`);
    before = profileId;
    yield { profileId, value, measure, fitId, reason };
  }
}
