import type { Directive } from '@kenal/contracts';
import {
  createNormaliser,
  type Decision,
  type DecisionInput,
  decideInParts,
  directiveEvidenceOf,
  evidenceOf,
  groupEvidence,
  type InteractionEvidence,
  joinWants,
  rulesOf,
  type Wants,
} from '@kenal/identity';
import { createPlainState } from './identity-state.ts';
import { percentiles, plain, report, shown } from './measure.ts';

/**
 * What the dearest people and things cost to decide, without any I/O: `node test/bench/identity-hubs.bench.ts`. A client
 * that sends a fresh anonymous id with every event, an e-mail address that everybody uses, two large people who turn out one.
 */
const config = { types: [], limits: {}, blocked: [] };
const rules = rulesOf(config, 'bench');
const normalise = createNormaliser(config, 'US');
const MANY = 100_000;
const ROUNDS = 5;

interface Taken {
  /** Milliseconds. */
  readonly took: number;
  /** Of its pieces, between which others have the thread. */
  readonly longest: number;
}

function createTaker(config = rules) {
  const state = createPlainState();
  let now = 1;
  const newComponent = (): string => `c${now++}`;
  function run(evidence: readonly InteractionEvidence[], again?: DecisionInput['again']): Taken {
    let [took, longest] = [0, 0];
    let wanted: Wants = { shelves: [], identifiers: [] };
    for (;;) {
      const asked = new Set(wanted.identifiers);
      const keys = [...evidence.flatMap((one) => one.keys), ...asked];
      const loaded = { ...state.load(keys, wanted.shelves), asked };
      let began = performance.now();
      const [part = []] = groupEvidence(evidence, loaded, (one) => one);
      const input = { rules: config, now: now++, newComponent, loaded, evidence: part, ...(again && { again }) };
      const work = decideInParts(input);
      let decision: Decision | null = null;
      while (decision === null) {
        const { done, value } = work.next();
        if (done) decision = value;
        const piece = performance.now() - began;
        took += piece;
        longest = Math.max(longest, piece);
        began = performance.now();
      }
      const { commits, wants } = decision;
      if (wants === null) {
        for (const { commit } of commits) state.apply(commit);
        return { took, longest };
      }
      wanted = joinWants([wanted, wants]);
    }
  }
  let messages = 0;
  function said(...names: string[]): InteractionEvidence {
    messages += 1;
    const identifiers = names.map((name) => ({ type: name.split(':')[0]!, value: name.slice(name.indexOf(':') + 1) }));
    const at = 1_760_000_000_000_000 + messages * 1_000;
    const times = { clientAt: at, receivedAt: at, occurredAt: at };
    const event = { id: `message-${messages}`, source: 'web', type: 'track' as const, traits: '{}', ...times };
    return evidenceOf(event, normalise(identifiers))!;
  }
  const take = (...names: string[]): number => run([said(...names)]).took;
  return { said, take, run, state };
}

function told(measure: string, all: readonly number[], must: number): void {
  const mean = all.reduce((sum, ms) => sum + ms, 0) / all.length;
  const detail = `${shown(percentiles(all))}, worst ${plain(all.reduce((a, b) => Math.max(a, b), 0))} ms`;
  report({ measure, value: mean, unit: 'ms an event', detail, must: { most: must } });
}

const star = createTaker();
const rays = Array.from({ length: MANY }, (_, i) => star.take('user_id:7', `anonymous_id:fresh-${i}`));
told(`identity: star of ${plain(MANY)} fresh anonymous ids on one user, the last thousand`, rays.slice(-1_000), 1);
told(
  'identity: of these, ids that come again',
  Array.from({ length: 1_000 }, (_, i) => star.take('user_id:7', `anonymous_id:fresh-${i * 90}`)),
  1,
);
told(
  'identity: of these, ids that turn up alone',
  Array.from({ length: 100 }, (_, i) => star.take(`anonymous_id:fresh-${50_000 + i}`)),
  1,
);

const hub = createTaker();
const meetings = Array.from({ length: MANY }, (_, i) => hub.take(`user_id:u${i}`, 'email:everybody@example.com'));
told(`identity: hub with ${plain(MANY)} neighbours, the last thousand new ones`, meetings.slice(-1_000), 1);
told(
  'identity: of the hub, known neighbours',
  Array.from({ length: 1_000 }, (_, i) => hub.take(`user_id:u${i * 90}`, 'email:everybody@example.com')),
  1,
);
told(
  'identity: of the hub, events of its own',
  Array.from({ length: 1_000 }, () => hub.take('email:everybody@example.com')),
  1,
);

const turns: number[] = [];
for (let round = 0; round < 5; round += 1) {
  const flip = createTaker();
  for (let i = 0; i < 1_000; i += 1) flip.take('email:busy@example.com', `till:t${i}`, `anonymous_id:n${i}`);
  for (let i = 0; i < 3; i += 1) flip.take(`user_id:u${i}`, 'email:busy@example.com');
  turns.push(flip.take('user_id:last', 'email:busy@example.com'));
}
told('identity: the event that makes a hub of an address with 2,000 others beside it', turns, 100);

const apart: Directive = {
  ...{ id: 'd1', workspace: 'bench', issuedAt: 1_770_000_000_000_000, kind: 'unlink', actor: 'bench', reason: '' },
  pairs: [{ a: 'user_id:a', b: 'user_id:b', verb: 'cannot', weight: null, detail: '' }],
  ...{ source: null, profileId: null, erased: [], consent: null, document: null, base: null, model: null },
};

/** Revokes what makes a hub of an address: so many that are somebody without it have to be decided with it. */
function freed(neighbours: number): Taken {
  const taker = createTaker();
  const busy = 'email:busy@example.com';
  for (let i = 0; i < 4; i += 1) taker.take(`user_id:u${i}`, busy);
  for (let i = 0; i < neighbours; i += 1) {
    taker.take(`anonymous_id:n${i}`, busy);
    taker.take(`anonymous_id:n${i}`);
  }
  const pairs = [{ a: busy, b: 'user_id:u3', verb: 'revoke' as const, weight: null, detail: '' }];
  return taker.run(directiveEvidenceOf({ ...apart, kind: 'revoke', pairs }));
}

const frees = Array.from({ length: ROUNDS }, () => freed(20_000));
told(
  'identity: a decision frees a hub with 20,000 neighbours of which each is somebody',
  frees.map(({ took }) => took),
  10_000,
);
told(
  'identity: of that, the longest piece between which others have the thread',
  frees.map(({ longest }) => longest),
  100,
);

const wide = { ...config, limits: { user_id: 2, email: 20_000 } };

const PAGE = 500;

/** Two people of so many identifiers each. */
function twoPeople(identifiers: number) {
  const taker = createTaker(rulesOf(wide, 'bench'));
  for (const user of ['a', 'b'])
    for (let from = 0; from < identifiers - 2; from += PAGE) {
      const page = Array.from({ length: Math.min(PAGE, identifiers - 2 - from) }, (_, i) => `${user}${from + i}`);
      taker.run(page.map((name) => taker.said(`user_id:${user}`, `email:${name}@example.com`, `till:${user}`)));
    }
  return taker;
}

const merges = Array.from({ length: ROUNDS }, () => {
  const { run, said } = twoPeople(5_000);
  return run([said('user_id:a', 'user_id:b')]);
});
told(
  'identity: two people of 5,000 identifiers each turn out one',
  merges.map(({ took }) => took),
  100,
);
told(
  'identity: of that, the longest piece between which others have the thread',
  merges.map(({ longest }) => longest),
  100,
);

const unmerges = Array.from({ length: ROUNDS }, () => {
  const taker = twoPeople(1_000);
  taker.take('user_id:a', 'user_id:b');
  return taker.run(directiveEvidenceOf(apart)).took;
});
told('identity: a person of 2,000 identifiers falls into two', unmerges, 1_000);

const state = hub.state;
const id = state.pointers.get('email:everybody@example.com')!;
const cause = { messageId: '', source: '', rule: 'ruleset' };
const sweep = hub.run([], { components: [state.components.get(id)!], cause });
told('identity: looking again whether the hub is one', [sweep.took], 100);
