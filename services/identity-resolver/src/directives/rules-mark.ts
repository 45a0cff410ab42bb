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

/** What stands in the state. */
export interface Mark {
  /** Of the component that holds it. */
  readonly version: number;
  readonly config: string | null;
  readonly swept: string | null;
}

/**
 * By whose kenal.yaml a workspace is decided. Whoever starts last says so, and from then on nobody commits by another:
 * what was decided by the one before is swept once, and nothing of it comes after. (Directives are rules as well; the fence
 * of the state holds these.)
 */
export interface RulesMark {
  read(workspace: string): Promise<Mark>;
  /** It is decided by our kenal.yaml from now on; nothing is swept by that, where it was another's before. */
  claim(workspace: string): Promise<void>;
  /** Every component was decided by these rules since the mark was read. @returns false where it is another now */
  swept(workspace: string, since: Mark, rules: string): Promise<boolean>;
  /** Whether a mark is of our kenal.yaml. */
  isOurs(workspace: string, mark: Mark): boolean;
  /** The same commit, applied only where the mark is ours. */
  bound(workspace: string, commit: ComponentCommit): ComponentCommit;
  /** To be asked where a commit was refused. @throws KenalError `unavailable` where the workspace is decided by another's */
  check(workspace: string): Promise<void>;
}

export function createRulesMark(state: Pick<IdentityState, 'load' | 'commit'>, config: KenalConfig): RulesMark {
  const byFile = createWorkspaces(config, { erasureHash, rulesetHash });
  const configured = new Set(byFile.configured);
  /** null for a workspace that is in no kenal.yaml, while its events wait: all decide it alike. */
  const ownOf = (workspace: string): string | null =>
    configured.has(workspace) ? byFile.of(workspace).rules.version : null;

  async function read(workspace: string): Promise<Mark> {
    const { components } = await state.load(workspace, [NAME]);
    const { version = 0, fields } = components.get(COMPONENT) ?? {};
    return { version, config: fields?.get(CONFIG) ?? null, swept: fields?.get(SWEPT) ?? null };
  }

  async function write(
    workspace: string,
    { version }: Mark,
    set: ReadonlyMap<string, string>,
    unset: readonly string[],
  ): Promise<boolean> {
    const commit = { target: COMPONENT, expect: new Map([[COMPONENT, version]]), absorb: [], point: [NAME] };
    const rest = { absent: version === 0 ? [NAME] : [], issued: new Map(), outbox: [] };
    const [applied] = await state.commit(workspace, [{ ...commit, ...rest, set, unset }]);
    return applied === true;
  }

  async function claim(workspace: string): Promise<void> {
    const own = ownOf(workspace);
    for (let done = own === null; !done; ) {
      const mark = await read(workspace);
      done = mark.config === own || (await write(workspace, mark, new Map([[CONFIG, own!]]), [SWEPT]));
    }
  }

  return {
    read,
    claim,
    swept: (workspace, since, rules) => write(workspace, since, new Map([[SWEPT, rules]]), []),
    isOurs: (workspace, mark) => mark.config === ownOf(workspace),
    bound(workspace, commit) {
      const text = ownOf(workspace);
      if (text === null) return commit;
      return { ...commit, unchanged: [...(commit.unchanged ?? []), { component: COMPONENT, field: CONFIG, text }] };
    },
    async check(workspace) {
      const own = ownOf(workspace);
      const mark = await read(workspace);
      if (own === null || mark.config === own) return;
      if (mark.config === null) return claim(workspace); // the state was lost since we started
      throw new KenalError(
        'unavailable',
        `workspace ${workspace} is decided by the rules of a resolver that started later: is kenal.yaml the same wherever one runs?`,
      );
    },
  };
}
