import {
  type Change,
  DIRECTIVES_APPLIED_PARTITION,
  DIRECTIVES_PARTITION,
  type Directive,
  type IdentityState,
} from '@kenal/contracts';
import { directiveEvidenceOf, identifiersOf } from '@kenal/identity';
import type { Logger } from '@kenal/service-kit';
import type { Decider } from '../deciding/decider.ts';
import type { Relay } from '../steps/relay.ts';
import type { Workspaces } from '../workspaces.ts';
import type { DirectiveFeed, StoredDirective } from './feed.ts';

/** Runs a part of the work while no round runs. */
export type InTurn = (work: () => Promise<void>) => Promise<void>;

export interface CarryOutDeps {
  readonly state: IdentityState;
  readonly feed: DirectiveFeed;
  readonly workspaces: Workspaces;
  readonly decider: Decider;
  /** @returns false where it was cut off */
  readonly sweep: (workspace: string, cause: Change['cause']) => Promise<boolean>;
  readonly relay: Relay;
  readonly inTurn: InTurn;
  readonly logger: Logger;
}

/** What directives do to the identity state. One call at a time. */
export interface CarryOut {
  /**
   * Pairs and consents of all directives that the state may not have. Every process does this before it reads
   * interactions: people who were held apart are not told to be one first.
   * @param turn how a part waits until no round runs; default as in the deps
   */
  evidence(turn?: InTurn): Promise<void>;
  /** Erasures and changes of rules, and the mark that all of it stands. For one process: it would cost others the same. */
  rest(): Promise<void>;
  /** The state has lost something. */
  forget(): void;
}

/** Rules that changed in the configuration, or in Kenal itself, have no directive to name. */
const BY_CONFIGURATION: Change['cause'] = { messageId: '', source: '', rule: 'ruleset' };

export function createCarryOut(deps: CarryOutDeps): CarryOut {
  const { state, feed, workspaces, decider, sweep, relay, inTurn, logger } = deps;
  const { configured } = workspaces;
  /** Directives up to here are evidence already, as far as this process knows. */
  let known = 0;
  let marks = new Map<string, number>();

  async function readMarks(): Promise<void> {
    const read = await state.processed(configured, [DIRECTIVES_APPLIED_PARTITION]);
    const now = new Map(read.map(({ workspace, offset }) => [workspace, offset]));
    for (const [workspace, mark] of now) if (mark < (marks.get(workspace) ?? -1)) known = 0;
    marks = now;
  }

  /** Directives of each workspace from its mark on, some hundred at a time. */
  async function each(
    [from, end]: readonly [number, number],
    turn: InTurn,
    take: (workspace: string, stored: readonly StoredDirective[]) => Promise<void>,
  ): Promise<void> {
    await feed.eachFrom(from, end, async (page) => {
      for (const workspace of configured) {
        const own = page.filter((one) => one.directive.workspace === workspace && one.offset >= marks.get(workspace)!);
        if (own.length > 0) await turn(() => take(workspace, own));
      }
    });
  }

  async function takeEvidence(workspace: string, stored: readonly StoredDirective[]): Promise<void> {
    const offset = stored.at(-1)!.offset + 1;
    await state.advance([{ workspace, partition: DIRECTIVES_PARTITION, offset }]);
    const { isErased } = workspaces.of(workspace);
    const evident = stored.flatMap((item) => {
      const { issuedAt } = item.directive;
      return directiveEvidenceOf(item.directive)
        .filter(({ keys }) => !isErased(keys, { clientAt: null, receivedAt: issuedAt }))
        .map((evidence) => ({ item, evidence, recovering: false }));
    });
    const { unfit } = await decider.settle(workspace, evident);
    for (const { item, error } of unfit)
      logger.error({ err: error, directive: item.directive.id }, 'a directive cannot be carried out');
  }

  async function eraseBy({ id, workspace, profileId, erased }: Directive): Promise<void> {
    const anchor = profileId === null ? null : await state.anchor(workspace, profileId);
    if (anchor === null) return; // done before, or nobody has come since
    const { pointers, components, parked } = await state.load(workspace, [anchor]);
    const component = components.get(pointers.get(anchor) ?? '');
    const keys = component === undefined ? [] : identifiersOf(component.fields);
    const named = workspaces.of(workspace).namedBy(erased, [...keys, ...parked.keys()]);
    if (named.length === 0)
      logger.error({ directive: id }, 'an erasure names nobody: is this the erasure key that it was made with?');
    await decider.erase(workspace, named, { messageId: id, source: '', rule: 'erase' });
  }

  return {
    async evidence(turn = inTurn) {
      const end = feed.next;
      await readMarks();
      await each([Math.max(known, Math.min(...marks.values())), end], turn, takeEvidence);
      known = end;
    },
    async rest() {
      const end = feed.next;
      await readMarks();
      if (known < end) return; // not before all of it is evidence
      const causes = new Map<string, Change['cause']>();
      await each([Math.max(0, Math.min(...marks.values())), end], inTurn, async (workspace, stored) => {
        for (const { directive } of stored) {
          if (directive.kind === 'erase') await eraseBy(directive);
          if (movesRules(directive)) causes.set(workspace, causeOf(directive));
        }
      });
      for (const workspace of configured)
        if (!(await sweep(workspace, causes.get(workspace) ?? BY_CONFIGURATION))) return;
      const behind = configured.filter((workspace) => marks.get(workspace)! < end);
      if (behind.length === 0 || !(await relay.flush(behind))) return; // another has an outbox: marked the next time
      const mark = { partition: DIRECTIVES_APPLIED_PARTITION, offset: end };
      await state.advance(behind.map((workspace) => ({ workspace, ...mark, atLeast: marks.get(workspace)! })));
    },
    forget() {
      known = 0;
    },
  };
}

function movesRules({ source, document }: Directive): boolean {
  return source !== null || document !== null;
}

function causeOf({ id, kind }: Directive): Change['cause'] {
  return { messageId: id, source: '', rule: kind };
}
