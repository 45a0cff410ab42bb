import { UsageError } from '../cli/usage-error.ts';
import { type FileText, openFileText } from '../import/file-text.ts';
import { openRows } from '../import/open-rows.ts';
import { detectDelimiter } from '../import/read-csv.ts';
import type { HelperThread } from './linkage-helper.ts';
import { mappedColumns } from './mapped-columns.ts';
import type { People } from './people.ts';
import type { PeopleMapping } from './people-mapping.ts';
import { readCsvPeople } from './read-csv-people.ts';
import { readRowPeople } from './read-row-people.ts';

/**
 * @param onProgress told how many bytes and rows have been read
 * @param helper reads a part, where the file allows
 * @throws UsageError: no such column, no record, an id that is double or missing
 */
export async function readPeople(
  path: string,
  mapping: PeopleMapping,
  mapPath: string,
  onProgress: (bytes: number, rows: number) => void,
  helper?: HelperThread,
): Promise<People> {
  const text = await openFileText(path);
  const rows = await openRows(text, {});
  const file = { path, mapping, onProgress, columns: mappedColumns(mapping, rows.columns, mapPath) };
  const delimiter = rows.format === 'csv' ? await plainDelimiter(text) : null;
  const fast = delimiter === null ? null : readCsvPeople(file, rows.columns, delimiter, helper);
  const people = fast ?? (await readRowPeople(file, rows));
  if (people.size === 0) throw new UsageError(`${path} has no records`);
  return people;
}

/** @returns the delimiter of a file whose bytes can be read as they are: UTF-8 with line feeds, not packed; else null */
async function plainDelimiter(text: FileText): Promise<number | null> {
  if (text.encoding !== 'utf-8' || text.path.toLowerCase().endsWith('.gz')) return null;
  for await (const head of text.read()) return head.includes('\n') ? detectDelimiter(head).charCodeAt(0) : null;
  return null;
}
