import type { ComponentCommit, IdentityState, KenalConfig } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createWorkspaces } from '@kenal/identity';
import { erasureHash, rulesetHash } from '@kenal/service-kit';

/** Under this name, which no identifier can have, stands by which rules a workspace is decided. */
const NAME = '*:rules';
const COMPONENT = '*rules';
/** By whose kenal.yaml it is decided, and by which rules, directives included, all its components were. */
const CONFIG = 'config';
const SWEPT = 'version';
/** Beside the offsets of a workspace: how often somebody knocked, and up to which knock they were answered. */
const KNOCKED_PARTITION = -4;
const ANSWERED_PARTITION = -5;
/** Answers come every ten seconds (`directives.ts`). */
const PATIENCE_MS = 35_000;

/** What stands in the state. */
export interface Mark {
  readonly config: string | null;
  readonly swept: string | null;
  /** Of the component that holds it. */
  readonly version: number;
  readonly isPointed: boolean;
}

/**
 * By whose kenal.yaml a workspace is decided. Whoever starts last says so, and from then on nobody commits by another:
 * what was decided by the one before is swept once, and nothing of it comes after. Who is refused knocks; where nobody
 * answers any more, they have it. (Directives are rules as well; the fence of the state holds these.)
 */
export interface RulesMark {
  /** It is decided by our kenal.yaml from now on; nothing is swept by that, where it was another's before. */
  claim(workspace: string): Promise<void>;
  /** @returns the mark where it is ours, else null: then it knocks, and takes it once nobody has answered for a while */
  knock(workspace: string): Promise<Mark | null>;
  /** Every component was decided by these rules since the mark was read. @returns false where it is another now */
  swept(workspace: string, since: Mark, rules: string): Promise<boolean>;
  /** The same commit, applied only where the mark is ours. */
  bound(workspace: string, commit: ComponentCommit): ComponentCommit;
  /** Say to all who knock that somebody lives by the marks. */
  answer(): Promise<void>;
}

type Store = Pick<IdentityState, 'load' | 'commit' | 'processed' | 'advance'>;

/** @param patienceMs how long nobody must have answered */
export function createRulesMark(state: Store, config: KenalConfig, patienceMs = PATIENCE_MS): RulesMark {
  const byFile = createWorkspaces(config, { erasureHash, rulesetHash });
  const configured = new Set(byFile.configured);
  /** Of each workspace that is another's: which knock is ours, on whose mark, since when. */
  const waiting = new Map<string, { readonly knock: number; readonly config: string; readonly since: number }>();
  /** null for a workspace that is in no kenal.yaml, while its events wait: all decide it alike. */
  const ownOf = (workspace: string): string | null =>
    configured.has(workspace) ? byFile.of(workspace).rules.version : null;

  async function claim(workspace: string): Promise<void> {
    const own = ownOf(workspace);
    for (let done = own === null; !done; ) {
      const mark = await read(state, workspace);
      done = mark.config === own || (await write(state, workspace, mark, [CONFIG, own!], [SWEPT]));
    }
  }

  /** @returns whether nobody has answered for long enough */
  async function wait(workspace: string, of: string): Promise<boolean> {
    const offsets = await state.processed([workspace], [KNOCKED_PARTITION, ANSWERED_PARTITION]);
    const [knocked = 0, answered = 0] = offsets.map(({ offset }) => Math.max(0, offset));
    const own = waiting.get(workspace);
    if (own !== undefined && own.config === of && own.knock > answered)
      return performance.now() - own.since > patienceMs;
    const knock = Math.max(knocked, answered) + 1;
    waiting.set(workspace, { knock, config: of, since: performance.now() });
    await state.advance([{ workspace, partition: KNOCKED_PARTITION, offset: knock }]);
    return false;
  }

  return {
    claim,
    async knock(workspace) {
      const own = ownOf(workspace);
      for (;;) {
        const mark = await read(state, workspace);
        if (own === null || mark.config === own) {
          waiting.delete(workspace);
          return mark;
        }
        // Nobody's: the state was lost since we started
        if (mark.config !== null && !(await wait(workspace, mark.config))) return null;
        await claim(workspace);
      }
    },
    swept: (workspace, since, rules) => write(state, workspace, since, [SWEPT, rules]),
    bound(workspace, commit) {
      const text = ownOf(workspace);
      if (text === null) return commit;
      return { ...commit, unchanged: [...(commit.unchanged ?? []), { component: COMPONENT, field: CONFIG, text }] };
    },
    async answer() {
      const offsets = await state.processed(byFile.configured, [KNOCKED_PARTITION, ANSWERED_PARTITION]);
      for (const [workspace, [knocked, answered]] of Map.groupBy(offsets, (one) => one.workspace)) {
        if (knocked!.offset <= answered!.offset) continue;
        const { config: of } = await read(state, workspace);
        if (of === ownOf(workspace)) await state.advance([{ ...knocked!, partition: ANSWERED_PARTITION }]);
      }
    },
  };
}

/** What who is refused is told. */
export function othersRules(workspace: string): KenalError {
  return new KenalError(
    'unavailable',
    `workspace ${workspace} is decided by the rules of a resolver that started later: is kenal.yaml the same wherever one runs?`,
  );
}

async function read(state: Store, workspace: string): Promise<Mark> {
  const { pointers, components } = await state.load(workspace, [NAME]);
  const { version = 0, fields } = components.get(COMPONENT) ?? {};
  const [config, swept] = [fields?.get(CONFIG) ?? null, fields?.get(SWEPT) ?? null];
  return { config, swept, version, isPointed: pointers.has(NAME) };
}

/** @returns false where another has written meanwhile */
async function write(
  state: Store,
  workspace: string,
  { version, isPointed }: Mark,
  set: readonly [string, string],
  unset: readonly string[] = [],
): Promise<boolean> {
  const nothing = { absorb: [], issued: new Map(), outbox: [] };
  const place = { target: COMPONENT, expect: new Map([[COMPONENT, version]]), absent: isPointed ? [] : [NAME] };
  const [applied] = await state.commit(workspace, [
    { ...nothing, ...place, point: [NAME], set: new Map([set]), unset },
  ]);
  return applied === true;
}
