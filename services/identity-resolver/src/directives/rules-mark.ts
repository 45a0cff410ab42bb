import { type ComponentCommit, type IdentityState, type KenalConfig, MICROS_PER_MILLI } from '@kenal/contracts';
import { KenalError } from '@kenal/errors';
import { createWorkspaces } from '@kenal/identity';
import { erasureHash, rulesetHash } from '@kenal/service-kit';

/** Components that no identifier leads to: by which rules a workspace is decided, and who would have it otherwise. */
const RULES = { id: '*rules', name: '*:rules' } as const;
const KNOCK = { id: '*knock', name: '*:knock' } as const;
/** By whose kenal.yaml it is decided, and by which rules, directives included, all its components were. */
const CONFIG = 'config';
const SWEPT = 'version';
/** Since when somebody else waits, microseconds of the state's clock; 0 = nobody, or they were answered. */
const SINCE = 'since';
/** Answers come every ten seconds (`directives.ts`). */
const PATIENCE_MS = 35_000;

interface Note {
  readonly version: number;
  readonly isPointed: boolean;
  readonly fields: ReadonlyMap<string, string>;
}

/** What stands in the state. */
export interface Mark {
  readonly config: string | null;
  readonly swept: string | null;
  readonly note: Note;
}

/**
 * By whose kenal.yaml a workspace is decided. Whoever starts last says so, and from then on nobody commits by another:
 * what was decided by the one before is swept once, and nothing of it comes after. Who is refused knocks; where nobody
 * answers any more, they have it. (Directives are rules as well; the fence of the state holds these.)
 */
export interface RulesMark {
  read(workspace: string): Promise<Mark>;
  /** It is decided by our kenal.yaml from now on; nothing is swept by that, where it was another's before. */
  claim(workspace: string): Promise<void>;
  /** Every component was decided by these rules since the mark was read. @returns false where it is another now */
  swept(workspace: string, since: Mark, rules: string): Promise<boolean>;
  /** The same commit, applied only where the mark is ours. */
  bound(workspace: string, commit: ComponentCommit): ComponentCommit;
  /** Whether the mark is ours; where it is another's, knock, and take it once nobody has answered for a while. */
  knock(workspace: string): Promise<boolean>;
  /** Say to whoever knocks that somebody lives by the mark. */
  answer(workspace: string): Promise<void>;
}

type Store = Pick<IdentityState, 'load' | 'commit'>;

/** @param patienceMs how long nobody must have answered */
export function createRulesMark(state: Store, config: KenalConfig, patienceMs = PATIENCE_MS): RulesMark {
  const byFile = createWorkspaces(config, { erasureHash, rulesetHash });
  const configured = new Set(byFile.configured);
  /** null for a workspace that is in no kenal.yaml, while its events wait: all decide it alike. */
  const ownOf = (workspace: string): string | null =>
    configured.has(workspace) ? byFile.of(workspace).rules.version : null;

  async function read(workspace: string): Promise<Mark & { readonly knocked: Note; readonly now: number }> {
    const { pointers, components, now } = await state.load(workspace, [RULES.name, KNOCK.name]);
    const noteOf = ({ id, name }: typeof RULES | typeof KNOCK): Note => {
      const { version = 0, fields = new Map<string, string>() } = components.get(id) ?? {};
      return { version, isPointed: pointers.has(name), fields };
    };
    const note = noteOf(RULES);
    const { fields } = note;
    const words = { config: fields.get(CONFIG) ?? null, swept: fields.get(SWEPT) ?? null };
    return { ...words, note, knocked: noteOf(KNOCK), now };
  }

  async function claim(workspace: string): Promise<void> {
    const own = ownOf(workspace);
    for (let done = own === null; !done; ) {
      const { config: of, note, knocked } = await read(workspace);
      // Before: whoever is refused from now on knocks anew
      if (of !== own && sinceOf(knocked) > 0) await write(state, workspace, KNOCK, knocked, [SINCE, '0']);
      done = of === own || (await write(state, workspace, RULES, note, [CONFIG, own!], [SWEPT]));
    }
  }

  return {
    read,
    claim,
    swept: (workspace, { note }, rules) => write(state, workspace, RULES, note, [SWEPT, rules]),
    bound(workspace, commit) {
      const text = ownOf(workspace);
      if (text === null) return commit;
      return { ...commit, unchanged: [...(commit.unchanged ?? []), { component: RULES.id, field: CONFIG, text }] };
    },
    async knock(workspace) {
      const own = ownOf(workspace);
      const { config: of, knocked, now } = await read(workspace);
      if (own === null || of === own) return true;
      const since = sinceOf(knocked);
      // Nobody's: the state was lost since we started
      const isFree = of === null || (since > 0 && now - since > patienceMs * MICROS_PER_MILLI);
      if (isFree) await claim(workspace);
      else if (since === 0) await write(state, workspace, KNOCK, knocked, [SINCE, String(now)]);
      return isFree;
    },
    async answer(workspace) {
      const { config: of, knocked } = await read(workspace);
      if (of !== ownOf(workspace) || sinceOf(knocked) === 0) return;
      await write(state, workspace, KNOCK, knocked, [SINCE, '0']);
    },
  };
}

function sinceOf({ fields }: Note): number {
  return Number(fields.get(SINCE) ?? 0);
}

/** What who is refused is told. */
export function othersRules(workspace: string): KenalError {
  return new KenalError(
    'unavailable',
    `workspace ${workspace} is decided by the rules of a resolver that started later: is kenal.yaml the same wherever one runs?`,
  );
}

/** @returns false where another has written meanwhile */
async function write(
  state: Store,
  workspace: string,
  { id, name }: typeof RULES | typeof KNOCK,
  { version, isPointed }: Note,
  set: readonly [string, string],
  unset: readonly string[] = [],
): Promise<boolean> {
  const nothing = { absorb: [], issued: new Map(), outbox: [] };
  const place = { target: id, expect: new Map([[id, version]]), absent: isPointed ? [] : [name], point: [name] };
  const [applied] = await state.commit(workspace, [{ ...nothing, ...place, set: new Map([set]), unset }]);
  return applied === true;
}
