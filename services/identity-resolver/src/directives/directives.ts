import { type Directive, type EventLog, type IdentityState, TOPICS } from '@kenal/contracts';
import { createCodec, createTopicFeed, type TopicFeed } from '@kenal/event-log';
import type { Workspaces } from '@kenal/identity';
import { type Logger, repeat } from '@kenal/service-kit';
import type { Decider } from '../deciding/decider.ts';
import type { Relay } from '../steps/relay.ts';
import { createCarryOut, type InTurn } from './carry-out.ts';
import type { RulesMark } from './rules-mark.ts';
import { type AsideLane, createSweep } from './sweep.ts';

export interface DirectivesDeps {
  readonly log: EventLog;
  readonly state: IdentityState;
  readonly workspaces: Workspaces;
  readonly rulesMark: RulesMark;
  readonly relay: Relay;
  readonly logger: Logger;
  readonly decider: (feed: TopicFeed<Directive>) => Decider;
  readonly inTurn: InTurn;
  /** Decides what is too much for rounds to wait for. */
  readonly lane: AsideLane;
  /** Whether this is the process that carries out what one is enough for. */
  readonly isChosen: () => boolean;
  readonly onSwept: (components: number) => void;
}

/** The directives of all workspaces: read, in force, carried out. */
export interface Directives {
  readonly decider: Decider;
  /** null where nothing stands in the way. */
  readonly fault: string | null;
  /** Read all there are, and decide by our kenal.yaml from now on. Before the first interaction. */
  begin(): Promise<void>;
  /**
   * Read on to the end, and carry out what is evidence. From within a round, after its records were read: what the log had
   * before them holds for them, whatever else is under way.
   */
  inForce(): Promise<void>;
  /** Look for new ones from now on. */
  start(): void;
  /**
   * The state has lost something: what it may lack of them is evidence again when this resolves.
   * To be called while no round runs, or from within one.
   */
  again(): Promise<void>;
  stop(): Promise<void>;
}

const LOOK_MS = 200;
/** What the state has of each workspace, and may have lost, is asked so often; where nothing comes, in between it is not. */
const CHECK_MS = 10_000;
const AGAIN_MS = 1_000;

export function createDirectives(deps: DirectivesDeps): Directives {
  const { log, workspaces, rulesMark, logger, isChosen } = deps;
  const feed = createTopicFeed<Directive>({
    log,
    topic: TOPICS.directives.name,
    codec: createCodec<Directive>('directive'),
    onValue: workspaces.take,
    onUnreadable: (offset, err) => logger.error({ err, offset }, 'a directive cannot be read and is left out'),
  });
  const decider = deps.decider(feed);
  let stopping = false;
  const sweep = createSweep({ ...deps, decider, isStopping: () => stopping });
  const carryOut = createCarryOut({ ...deps, feed, decider, sweep });
  // One at a time
  let last: Promise<void> = Promise.resolve();
  const alone = (work: () => Promise<void>): Promise<void> => {
    last = last.catch(() => undefined).then(work);
    return last;
  };
  const evidence = async (): Promise<void> => {
    await feed.catchUp();
    await carryOut.evidence();
  };
  // Not behind a look that waits for this very round to end; what both do is done once
  const evidenceAtOnce = (): Promise<void> => carryOut.evidence((work) => work());
  let checkAt = performance.now() + CHECK_MS;
  const looking = repeat(
    async () => {
      if (performance.now() > checkAt) {
        await alone(carryOut.check);
        checkAt = performance.now() + CHECK_MS;
      }
      await alone(evidence);
      if (isChosen()) await alone(carryOut.rest);
    },
    {
      ...{ everyMs: LOOK_MS, againMs: AGAIN_MS },
      onFault: (err) => logger.warn({ err }, 'directives wait to be carried out, trying again'),
    },
  );
  // By itself: a look may sweep for minutes
  const answering = repeat(rulesMark.answer, {
    ...{ everyMs: CHECK_MS, againMs: AGAIN_MS },
    onFault: () => undefined, // the look says what does not answer
  });
  return {
    decider,
    get fault() {
      return looking.fault;
    },
    async begin() {
      await Promise.all(workspaces.configured.map(rulesMark.claim));
      answering.start(CHECK_MS);
      await alone(evidence);
    },
    async inForce() {
      await feed.catchUp();
      if (carryOut.known < feed.next) await evidenceAtOnce();
    },
    start: () => looking.start(0),
    async again() {
      carryOut.forget();
      await feed.catchUp();
      await evidenceAtOnce();
    },
    async stop() {
      stopping = true;
      await Promise.all([looking.stop(), answering.stop()]);
    },
  };
}
