import { DIRECTIVES_APPLIED_PARTITION, DIRECTIVES_PARTITION, type IdentityState } from '@kenal/contracts';

/** Workspace → up to where directives have been carried out; -1 = nothing stands of it. */
export type Marks = ReadonlyMap<string, number>;

/** How far directives are. Calls may overlap where the state has lost something: each goes by the marks that it has read. */
export interface Standing {
  /** Directives up to here are evidence already, as far as this process knows. */
  readonly known: number;
  /** What stands in the state. Where it has less than it had, all is evidence again. */
  read(): Promise<Marks>;
  /** Raise the fence of a workspace. */
  raise(workspace: string, offset: number): Promise<void>;
  /** @returns to be told up to where all is evidence; nothing is learnt where the state has lost something meanwhile */
  learning(): (end: number) => void;
  /** The state has lost something. */
  forget(): void;
}

export function createStanding(state: IdentityState, workspaces: readonly string[]): Standing {
  let known = 0;
  let losses = 0;
  let seen: Marks = new Map();
  let raised = new Map<string, number>();

  function forget(): void {
    known = 0;
    losses += 1;
    raised = new Map();
  }

  async function offsetsOf(partition: number): Promise<Marks> {
    const read = await state.processed(workspaces, [partition]);
    return new Map(read.map(({ workspace, offset }) => [workspace, offset]));
  }

  return {
    forget,
    get known() {
      return known;
    },
    async read() {
      const [marks, fences] = [await offsetsOf(DIRECTIVES_APPLIED_PARTITION), await offsetsOf(DIRECTIVES_PARTITION)];
      const fell = (now: Marks, before: Marks) => [...now].some(([name, offset]) => offset < (before.get(name) ?? -1));
      // Effects that are not marked yet may be lost as well: the fence that was raised before them tells
      if (fell(marks, seen) || fell(fences, raised)) forget();
      seen = marks;
      return marks;
    },
    async raise(workspace, offset) {
      await state.advance([{ workspace, partition: DIRECTIVES_PARTITION, offset }]);
      raised.set(workspace, Math.max(offset, raised.get(workspace) ?? -1));
    },
    learning() {
      const before = losses;
      return (end) => {
        if (losses === before) known = end;
      };
    },
  };
}
