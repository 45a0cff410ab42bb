/** Rows of a file that were not taken, and why. */
export interface RowsLeftOut {
  readonly rows: number;
  /** By what they lack: `without CustomerID`. */
  readonly reasons: ReadonlyMap<string, number>;
  /** The first row that could not be read. */
  readonly firstUnreadable: string | null;
}

export function createLeftOut() {
  const reasons = new Map<string, number>();
  let firstUnreadable: string | null = null;
  const add = (reason: string): void => void reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return {
    add,
    unreadable(line: number, reason: string): void {
      add('unreadable');
      firstUnreadable ??= `line ${line}: ${reason}`;
    },
    tell: (rows: number): RowsLeftOut => ({ rows, reasons, firstUnreadable }),
  };
}

/** `135 without CustomerID, 3 unreadable`; empty where every row counted. */
export function leftOutInWords({ reasons }: RowsLeftOut): string {
  const sorted = [...reasons].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([reason, count]) => `${count} ${reason}`).join(', ');
}
