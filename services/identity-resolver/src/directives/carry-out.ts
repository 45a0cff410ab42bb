import {
  type Change,
  DIRECTIVES_APPLIED_PARTITION,
  DIRECTIVES_PARTITION,
  type Directive,
  type IdentityState,
} from '@kenal/contracts';
import type { Stored, TopicFeed } from '@kenal/event-log';
import type { Workspaces } from '@kenal/identity';
import { directiveEvidenceOf, identifiersOf, saidBefore } from '@kenal/identity';
import type { Logger } from '@kenal/service-kit';
import type { Decider } from '../deciding/decider.ts';
import type { Relay } from '../steps/relay.ts';

/** Runs a part of the work while no round runs. */
export type InTurn = (work: () => Promise<void>) => Promise<void>;

export interface CarryOutDeps {
  readonly state: IdentityState;
  readonly feed: TopicFeed<Directive>;
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
   * Pairs, consents and erasures of all directives that the state may not have. Every process does this before it reads
   * interactions: people who were held apart are not told to be one first, and who was erased and comes anew does so after.
   * @param turn how a part waits until no round runs; default as in the deps
   */
  evidence(turn?: InTurn): Promise<void>;
  /** Changes of rules, and the mark that all of it stands. For one process: it would cost others the same. */
  rest(): Promise<void>;
  /** The state has lost something. */
  forget(): void;
}

/** Rules that changed in the configuration, or in Kenal itself, have no directive to name. */
const BY_CONFIGURATION: Change['cause'] = { messageId: '', source: '', rule: 'ruleset' };

export function createCarryOut(deps: CarryOutDeps): CarryOut {
  const { state, feed, workspaces, decider, sweep, relay, inTurn, logger } = deps;
  const { configured } = workspaces;
  const marked = createMarks(state, configured);

  /** Directives of each workspace from its mark on, some hundred at a time. */
  async function each(
    marks: Marks,
    [from, end]: readonly [number, number],
    turn: InTurn,
    take: (workspace: string, stored: readonly Stored<Directive>[]) => Promise<void>,
  ): Promise<void> {
    await feed.eachFrom(from, end, async (page) => {
      for (const workspace of configured) {
        const own = page.filter((one) => one.value.workspace === workspace && one.offset >= marks.get(workspace)!);
        if (own.length > 0) await turn(() => take(workspace, own));
      }
    });
  }

  async function takeEvidence(workspace: string, stored: readonly Stored<Directive>[]): Promise<void> {
    const offset = stored.at(-1)!.offset + 1;
    await state.advance([{ workspace, partition: DIRECTIVES_PARTITION, offset }]);
    // Before anybody may come anew
    for (const { value } of stored) if (value.kind === 'erase') await eraseBy(value);
    const { isErased } = workspaces.of(workspace);
    const evident = stored.flatMap((item) => {
      const { issuedAt } = item.value;
      return directiveEvidenceOf(item.value)
        .filter(({ keys }) => !isErased(keys, { clientAt: null, receivedAt: issuedAt }))
        .map((evidence) => ({ item, evidence, recovering: false }));
    });
    const { unfit } = await decider.settle(workspace, evident);
    for (const { item, error } of unfit)
      logger.error({ err: error, directive: item.value.id }, 'a directive cannot be carried out');
  }

  async function eraseBy({ id, workspace, profileId, erased, issuedAt }: Directive): Promise<void> {
    const anchor = profileId === null ? null : await state.anchor(workspace, profileId);
    if (anchor === null) return; // done before, or nobody has come since
    const { pointers, components, parked } = await state.load(workspace, [anchor]);
    const component = components.get(pointers.get(anchor) ?? '');
    const keys = component === undefined ? [] : identifiersOf(component.fields);
    const named = workspaces.of(workspace).namedBy(erased, [...keys, ...parked.keys()]);
    if (named.length === 0)
      logger.error({ directive: id }, 'an erasure names nobody: is this the erasure key that it was made with?');
    // Done before, and they have come anew since
    if (parked.size === 0 && !saidBefore(component?.fields ?? new Map(), new Set(named), issuedAt)) return;
    await decider.erase(workspace, named, { messageId: id, source: '', rule: 'erase' });
  }

  return {
    async evidence(turn = inTurn) {
      const end = feed.next;
      const marks = await marked.read();
      const learn = marked.learning();
      await each(marks, [Math.max(marked.known, Math.min(...marks.values())), end], turn, takeEvidence);
      learn(end);
    },
    async rest() {
      const end = feed.next;
      const marks = await marked.read();
      if (marked.known < end) return; // not before all of it is evidence
      const causes = new Map<string, Change['cause']>();
      await each(marks, [Math.max(0, Math.min(...marks.values())), end], inTurn, async (workspace, stored) => {
        for (const { value } of stored) if (movesRules(value)) causes.set(workspace, causeOf(value));
      });
      for (const workspace of configured)
        if (!(await sweep(workspace, causes.get(workspace) ?? BY_CONFIGURATION))) return;
      const behind = configured.filter((workspace) => marks.get(workspace)! < end);
      if (behind.length === 0 || !(await relay.flush(behind))) return; // another has an outbox: marked the next time
      const mark = { partition: DIRECTIVES_APPLIED_PARTITION, offset: end };
      await state.advance(behind.map((workspace) => ({ workspace, ...mark, atLeast: marks.get(workspace)! })));
    },
    forget: marked.forget,
  };
}

/** Workspace → up to where directives have been carried out. */
type Marks = ReadonlyMap<string, number>;

/** How far directives are. Calls may overlap where the state has lost something: each goes by the marks that it has read. */
function createMarks(state: IdentityState, workspaces: readonly string[]) {
  let known = 0;
  let losses = 0;
  let seen: Marks = new Map();
  function forget(): void {
    known = 0;
    losses += 1;
  }
  return {
    forget,
    /** Directives up to here are evidence already, as far as this process knows. */
    get known() {
      return known;
    },
    async read(): Promise<Marks> {
      const read = await state.processed(workspaces, [DIRECTIVES_APPLIED_PARTITION]);
      const marks = new Map(read.map(({ workspace, offset }) => [workspace, offset]));
      for (const [workspace, mark] of marks) if (mark < (seen.get(workspace) ?? -1)) forget();
      seen = marks;
      return marks;
    },
    /** @returns to be told up to where all is evidence; nothing is learnt where the state has lost something meanwhile */
    learning(): (end: number) => void {
      const before = losses;
      return (end) => {
        if (losses === before) known = end;
      };
    },
  };
}

function movesRules({ source, document }: Directive): boolean {
  return source !== null || document !== null;
}

function causeOf({ id, kind }: Directive): Change['cause'] {
  return { messageId: id, source: '', rule: kind };
}
