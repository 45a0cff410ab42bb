/** As `cdr_csv` of Asterisk writes them, with `loguniqueid` and `loguserfield`. */
export const DEFAULT_CDR_COLUMNS = [
  ...(['accountcode', 'src', 'dst', 'dcontext', 'clid', 'channel', 'dstchannel', 'lastapp', 'lastdata'] as const),
  ...(['start', 'answer', 'end', 'duration', 'billsec', 'disposition', 'amaflags', 'uniqueid', 'userfield'] as const),
] as const;

/** What a cell of a call detail record may be. */
export const CDR_COLUMNS = [...DEFAULT_CDR_COLUMNS, 'linkedid', 'peeraccount', 'sequence', 'ignored'] as const;
export type CdrColumn = (typeof CDR_COLUMNS)[number];

const NEEDED: readonly CdrColumn[] = ['src', 'dst', 'start', 'duration', 'billsec', 'disposition'];

/** Columns that an order of them lacks, or has twice. */
export function wantedColumns(columns: readonly CdrColumn[]): CdrColumn[] {
  const times = (name: CdrColumn): number => columns.filter((column) => column === name).length;
  const missing = NEEDED.filter((name) => times(name) === 0);
  return [...missing, ...CDR_COLUMNS.filter((name) => name !== 'ignored' && times(name) > 1)];
}
