import type { Change, IdentityState } from '@kenal/contracts';
import { eraseInParts, joinWants } from '@kenal/identity';
import { type Loaded, NOTHING_MORE } from './access.ts';
import { type DecideAgainDeps, groupsOf } from './again-round.ts';
import type { DecideAgain } from './decide-again.ts';
import type { ComponentWrite } from './decide-part.ts';
import { createDraw } from './draw.ts';
import { AT_ONCE } from './effort.ts';
import { createTries } from './tries.ts';

/** How far an erasure is. */
const BEGUN = 'begun';
const DONE = 'done';
const STATE = 'state';
const HUBS = 'hubs';

interface Erasing {
  readonly workspace: string;
  /** Id of the directive. */
  readonly id: string;
  readonly cause: Change['cause'];
  /** The person's identifiers that the erasure names, as the state has them now. */
  readonly keys: readonly string[];
}

/** What stands in the state of an erasure: a component of its own that no identifier leads to. */
interface Standing {
  readonly component: string;
  readonly version: number;
  readonly state: string | null;
  /** Hubs that the person was seen with: they have to be decided again, also after a kill in between. */
  readonly hubs: readonly string[];
}

/**
 * Forget identifiers and all that names them, once for each directive: who comes anew afterwards stays, however often the
 * directive is read again.
 * @param id of the directive
 * @param find the person's identifiers that the erasure names, as the state has them now
 */
export type ErasePerson = (workspace: string, id: string, find: () => Promise<readonly string[]>) => Promise<void>;

export function createErasePerson(
  state: IdentityState,
  again: DecideAgain,
  { access, workspaces, writesOf, newComponent, metrics }: DecideAgainDeps,
): ErasePerson {
  async function standingOf(workspace: string, id: string): Promise<Standing> {
    const component = `*erased:${id}`;
    const { components } = await state.load(workspace, [nameOf(id)]);
    const { version = 0, fields } = components.get(component) ?? {};
    const hubs = JSON.parse(fields?.get(HUBS) ?? '[]') as string[];
    return { component, version, state: fields?.get(STATE) ?? null, hubs };
  }

  /** @returns false where another has written meanwhile */
  async function stand(
    workspace: string,
    id: string,
    { component, version }: Standing,
    fields: ReadonlyMap<string, string>,
  ): Promise<boolean> {
    const rest = { absorb: [], unset: fields.has(HUBS) ? [] : [HUBS], issued: new Map(), outbox: [] };
    const absent = version === 0 ? [nameOf(id)] : [];
    const commit = { ...rest, target: component, expect: new Map([[component, version]]), absent };
    const [applied] = await state.commit(workspace, [{ ...commit, set: fields, point: [nameOf(id)] }]);
    return applied === true;
  }

  /** @returns whether all is taken away; false = look again how far it is */
  async function takeAway(erasing: Erasing, standing: Standing): Promise<boolean> {
    const { workspace, id, keys, cause } = erasing;
    const tries = createTries(metrics);
    const { known } = access;
    const draw = createDraw(AT_ONCE);
    for (let wanted = NOTHING_MORE; ; ) {
      const loaded: Loaded = await access.load(workspace, keys, wanted, known);
      const { rules } = workspaces.of(workspace);
      const input = { rules, now: loaded.now, newComponent, loaded, keys: new Set(keys), cause };
      const { commits, wants, revisit } = await draw(eraseInParts(input));
      tries.looked(wants !== null);
      wanted = wants === null ? NOTHING_MORE : joinWants([wanted, wants]);
      if (wants !== null) continue;
      const hubs = JSON.stringify([...new Set([...standing.hubs, ...revisit])]);
      const begun = new Map([
        [STATE, BEGUN],
        [HUBS, hubs],
      ]);
      if (!(await stand(workspace, id, standing, begun))) return false;
      const writes = (await draw(writesOf(commits))).map((one) => whileBegun(one, standing));
      const applied = await access.commit(workspace, writes, known);
      if (!applied.every(Boolean)) await tries.lost(1);
      return applied.every(Boolean);
    }
  }

  async function hubsAgain(workspace: string, hubs: readonly string[], cause: Change['cause']): Promise<void> {
    const { components } = await access.load(workspace, hubs, NOTHING_MORE, access.known);
    await again(workspace, groupsOf([...components.values()]), cause);
  }

  return async function erasePerson(workspace, id, find) {
    const cause = { messageId: id, source: '', rule: 'erase' };
    for (;;) {
      const before = await standingOf(workspace, id);
      if (before.state === DONE) return;
      const keys = await find();
      if (keys.length > 0 && !(await takeAway({ workspace, id, cause, keys }, before))) continue;
      const standing = await standingOf(workspace, id);
      await hubsAgain(workspace, standing.hubs, cause);
      if (await stand(workspace, id, standing, new Map([[STATE, DONE]]))) return;
    }
  };
}

/** Nobody takes anything away by an erasure that another has finished. */
function whileBegun(write: ComponentWrite, { component }: Standing): ComponentWrite {
  const unchanged = [...(write.commit.unchanged ?? []), { component, field: STATE, text: BEGUN }];
  return { ...write, commit: { ...write.commit, unchanged } };
}

/** A name that no identifier can have. */
function nameOf(id: string): string {
  return `*:erased:${id}`;
}
