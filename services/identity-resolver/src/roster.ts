import type { ComponentCommit, ComponentSnapshot, IdentityState } from '@kenal/contracts';

/** Stands beside the workspaces in the state; no workspace can have this name. */
const KEEPER = '*';

/** What the roster says of one partition: whose records stand in a stretch of it that was processed. */
interface Stretch {
  /** First offset of the stretch, and the one after its end. */
  readonly from: number;
  readonly upTo: number;
  /** Where records before the stretch are being read again without a gap up to it: it then begins there. */
  readonly readAgainFrom: number | null;
  /** Workspaces with a record in it; more than that do no harm. */
  readonly names: ReadonlySet<string>;
  /** Of the component that keeps it; 0 where there is none yet. */
  readonly version: number;
}

const NOTHING: Stretch = { from: 0, upTo: 0, readAgainFrom: null, names: new Set(), version: 0 };

/**
 * Which workspaces ever had a record in a partition. The end of the stretch and the names are one write, so whatever
 * tail of it the state loses, what is left is true: **a workspace that is not named has no record in the stretch**. So it
 * has nothing to lose there, and one that is new in the configuration need not have it read again. The end of the stretch
 * is one more position that counts where we start, so the stretch never has a gap.
 */
export interface Roster {
  /** Read what the state has of these partitions. */
  load(partitions: readonly number[]): Promise<void>;
  /** End of the stretch: records are read from here on at the latest. Infinity where there is no stretch yet. */
  endOf(partition: number): number;
  /**
   * Whether the workspace has no record before the end of the stretch; false where that cannot be told.
   * @param earliest offset that the log still has
   */
  isAbsent(workspace: string, partition: number, earliest: number): boolean;
  /** Records are read from here on. Where there is no stretch it begins here. */
  begin(partition: number, start: number): void;
  /**
   * Lengthen stretches by what was processed.
   * @returns partitions of which the state no longer has what was written last; they are to be read on from `load`
   */
  extend(processed: readonly Processed[]): Promise<readonly number[]>;
  forget(partition: number): void;
}

export interface Processed {
  readonly partition: number;
  /** Offset of the next record. */
  readonly upTo: number;
  /** Workspaces of the records before it. */
  readonly names: ReadonlySet<string>;
}

export function createRoster(state: IdentityState): Roster {
  const known = new Map<number, Stretch>();
  const stretchOf = (partition: number): Stretch => known.get(partition) ?? NOTHING;
  return {
    load: async (partitions) => {
      const { pointers, components } = await state.load(KEEPER, partitions.map(nameOf));
      for (const partition of partitions)
        known.set(partition, readStretch(components.get(pointers.get(nameOf(partition)) ?? '')));
    },
    endOf: (partition) => {
      const { upTo, version } = stretchOf(partition);
      return version === 0 ? Number.POSITIVE_INFINITY : upTo;
    },
    isAbsent: (workspace, partition, earliest) => {
      const { from, names, version } = stretchOf(partition);
      return version > 0 && from <= earliest && !names.has(workspace);
    },
    begin: (partition, start) => {
      const stretch = stretchOf(partition);
      if (stretch.version === 0) known.set(partition, { ...stretch, from: start, upTo: start });
      else known.set(partition, { ...stretch, readAgainFrom: start < stretch.from ? start : null });
    },
    extend: async (all) => {
      // A partition that was taken away meanwhile is somebody else's to write of
      const processed = all.filter(({ partition }) => known.has(partition));
      const longer = processed.map((one) => lengthen(stretchOf(one.partition), one));
      const commits = processed.map(({ partition }, i) => commitOf(partition, stretchOf(partition), longer[i]!));
      const applied = await state.commit(KEEPER, commits);
      const lost: number[] = [];
      processed.forEach(({ partition }, i) => {
        if (applied[i]) known.set(partition, longer[i]!);
        else lost.push(partition);
      });
      return lost;
    },
    forget: (partition) => void known.delete(partition),
  };
}

export interface FoundStretch {
  readonly partition: number;
  readonly from: number;
  readonly upTo: number;
}

/** Begin a roster where there is none: all that these stretches hold was processed, and is of these workspaces. */
export async function foundRoster(
  state: IdentityState,
  stretches: readonly FoundStretch[],
  names: ReadonlySet<string>,
): Promise<void> {
  const commits = stretches.map(({ partition, from, upTo }) =>
    commitOf(partition, NOTHING, { from, upTo, names, readAgainFrom: null, version: 1 }),
  );
  await state.commit(KEEPER, commits); // what is there already knows better
}

const nameOf = (partition: number): string => `roster:${partition}`;

function lengthen(stretch: Stretch, { upTo, names }: Processed): Stretch {
  const { readAgainFrom, version } = stretch;
  const closed = readAgainFrom !== null && upTo >= stretch.from;
  return {
    from: closed ? readAgainFrom : stretch.from,
    upTo: Math.max(stretch.upTo, upTo),
    readAgainFrom: closed ? null : readAgainFrom,
    names: new Set([...stretch.names, ...names]),
    version: version + 1,
  };
}

function readStretch(component: ComponentSnapshot | undefined): Stretch {
  if (component === undefined) return NOTHING;
  const { fields, version } = component;
  const names = [...fields.keys()].filter((field) => field.startsWith(NAME)).map((field) => field.slice(NAME.length));
  const [from, upTo] = [Number(fields.get('from')), Number(fields.get('upTo'))];
  return { from, upTo, readAgainFrom: null, names: new Set(names), version };
}

// Before a workspace's name, so that none is taken for `from` or `upTo`
const NAME = 'w:';

function commitOf(partition: number, before: Stretch, after: Stretch): ComponentCommit {
  const name = nameOf(partition);
  const fresh = before.version === 0 ? [name] : [];
  const added = [...after.names].filter((workspace) => before.version === 0 || !before.names.has(workspace));
  return {
    target: name,
    expect: new Map([[name, before.version]]),
    absent: fresh,
    absorb: [],
    set: new Map([
      ['from', String(after.from)],
      ['upTo', String(after.upTo)],
      ...added.map((workspace): [string, string] => [`${NAME}${workspace}`, '1']),
    ]),
    unset: [],
    point: fresh,
    issued: new Map(),
    outbox: [],
  };
}
