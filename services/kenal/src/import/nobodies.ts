import type { Identifier, KenalConfig } from '@kenal/contracts';
import { type BlockReason, createNormaliser, type Normaliser, WHY_BLOCKED } from '@kenal/identity';

/** Values of a file by which nobody can be found. */
export interface Nobodies {
  readonly values: number;
  /** The first value of each type and reason, and how many are like it; by type, the most frequent reason first. */
  readonly examples: readonly NobodyExample[];
}

export interface NobodyExample extends Identifier {
  readonly reason: BlockReason;
  readonly why: string;
  readonly values: number;
}

export interface NobodyCount {
  take(identifiers: readonly Identifier[]): void;
  found(): Nobodies;
}

/** Counts identifiers that name nobody: numbers that are none, reserved or blocked values. Memory hangs on their kinds alone. */
export function createNobodyCount(normalise: Normaliser): NobodyCount {
  const examples = new Map<string, NobodyExample>();
  return {
    take(identifiers) {
      for (const { type, value, reason } of normalise(identifiers).blocked) {
        const kind = `${type} ${reason}`;
        const known = examples.get(kind) ?? { type, value, reason, why: WHY_BLOCKED[reason], values: 0 };
        examples.set(kind, { ...known, values: known.values + 1 });
      }
    },
    found() {
      const all = [...examples.values()].sort((a, b) =>
        a.type < b.type ? -1 : a.type > b.type ? 1 : b.values - a.values,
      );
      return { values: all.reduce((sum, { values }) => sum + values, 0), examples: all };
    },
  };
}

/**
 * How a workspace reads identifiers, by its kenal.yaml; rules that were switched to since are not known here.
 * @param config null where there is none, so the rules that Kenal comes with
 * @param workspace without it the first one
 */
export function normaliserFor(
  config: KenalConfig | null,
  workspace: string | undefined,
  source: string | undefined,
): Normaliser {
  const own = config?.workspaces.find(({ id }) => id === workspace) ?? config?.workspaces[0];
  if (own === undefined) return createNormaliser({ types: [], limits: {}, blocked: [] }, 'US');
  return createNormaliser(own.identity, own.sources.find(({ id }) => id === source)?.region ?? own.region);
}
