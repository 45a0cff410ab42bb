import { type Change, DIRECTIVES_APPLIED_PARTITION, type Directive, type IdentityState } from '@kenal/contracts';
import type { Stored, TopicFeed } from '@kenal/event-log';
import type { Workspaces } from '@kenal/identity';
import type { Logger } from '@kenal/service-kit';
import type { Decider } from '../deciding/decider.ts';
import type { Relay } from '../steps/relay.ts';
import { createStanding, type Marks } from './marks.ts';
import type { AsideLane } from './sweep.ts';
import { createTaking } from './taking.ts';

/** Runs a part of the work while no round runs. */
export type InTurn = (work: () => Promise<void>) => Promise<void>;

export interface CarryOutDeps {
  readonly state: IdentityState;
  readonly feed: TopicFeed<Directive>;
  readonly workspaces: Workspaces;
  readonly decider: Decider;
  /** Decides what is too much for rounds to wait for; null = nobody waits. */
  readonly lane: AsideLane | null;
  /** @returns false where it was cut off */
  readonly sweep: (workspace: string, cause: Change['cause']) => Promise<boolean>;
  readonly relay: Relay;
  readonly inTurn: InTurn;
  readonly logger: Logger;
}

/** What directives do to the identity state. One call at a time. */
export interface CarryOut {
  /**
   * Pairs, consents and erasures that the state may not have. Every process does this before it reads interactions: people
   * who were held apart are not told to be one first, and an erasure is over before somebody comes anew.
   * @param turn how a part waits until no round runs; default as in the deps
   */
  evidence(turn?: InTurn): Promise<void>;
  /** Up to where directives are evidence, as far as this process knows. */
  readonly known: number;
  /** What follows from changed rules, and the mark that all of it stands. For one process: it would cost others the same. */
  rest(): Promise<void>;
  /** Look whether the state still has what was carried out, and the rules by which it was. */
  check(): Promise<void>;
  /** The state has lost something. */
  forget(): void;
}

/** Rules that changed in the configuration, or in Kenal itself, have no directive to name. */
const BY_CONFIGURATION: Change['cause'] = { messageId: '', source: '', rule: 'ruleset' };

export function createCarryOut(deps: CarryOutDeps): CarryOut {
  const { state, feed, workspaces, sweep, relay, inTurn } = deps;
  const { configured } = workspaces;
  const standing = createStanding(state, configured);
  const taking = createTaking({ ...deps, standing });
  /** Directives up to here need nothing more, as far as this process knows: a look at more asks the state nothing. */
  let followed = -1;
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

  return {
    async evidence(turn = inTurn) {
      const end = feed.next;
      if (standing.known >= end) return;
      const marks = await standing.read();
      const learn = standing.learning();
      await each(marks, [Math.max(standing.known, Math.min(...marks.values())), end], turn, taking.take);
      learn(end);
    },
    async rest() {
      const end = feed.next;
      if (followed === end) return;
      const marks = await standing.read();
      if (standing.known < end) return; // not before all of it is evidence
      const causes = new Map<string, Change['cause']>();
      await each(marks, [Math.max(0, Math.min(...marks.values())), end], inTurn, async (workspace, stored) => {
        for (const { value } of stored) if (movesRules(value)) causes.set(workspace, causeOf(value));
      });
      for (const workspace of configured)
        if (!(await sweep(workspace, causes.get(workspace) ?? BY_CONFIGURATION))) return;
      const behind = configured.filter((workspace) => marks.get(workspace)! < end);
      if (taking.isWaiting) return; // marked when all of it stands
      if (behind.length === 0) followed = end;
      if (behind.length === 0 || !(await relay.flush(behind))) return; // another has an outbox: marked the next time
      await standing.read();
      if (standing.known < end) return; // the state lost something meanwhile: all of it again
      const mark = { partition: DIRECTIVES_APPLIED_PARTITION, offset: end };
      await state.advance(behind.map((workspace) => ({ workspace, ...mark, atLeast: marks.get(workspace)! })));
    },
    get known() {
      return standing.known;
    },
    async check() {
      followed = -1;
      await standing.read();
    },
    forget() {
      followed = -1;
      standing.forget();
      taking.forget();
    },
  };
}

function movesRules({ source, document }: Directive): boolean {
  return source !== null || document !== null;
}

function causeOf({ id, kind }: Directive): Change['cause'] {
  return { messageId: id, source: '', rule: kind };
}
