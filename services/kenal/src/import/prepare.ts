import { createZone, type Zone } from '@kenal/collector-kit';
import { createCellReaders, zoneNamed } from './cell.ts';
import { type FileText, openFileText } from './file-text.ts';
import type { MappingFile } from './mapping-file.ts';
import { openRows } from './open-rows.ts';
import type { RowSource } from './rows.ts';
import { createRowToEvent, type RowToEvent } from './to-event.ts';

/** A file and a mapping that fit together. */
export interface PreparedImport {
  readonly text: FileText;
  readonly rows: RowSource;
  readonly toEvent: RowToEvent;
  readonly mapping: MappingFile;
  /** Zone of times that have none. */
  readonly zone: string;
}

/**
 * Open the file, find out its format, and hold the mapping against its columns.
 * @param timezone the workspace's, for times without one where the mapping names none
 */
export async function prepareImport(file: string, mapping: MappingFile, timezone: string): Promise<PreparedImport> {
  const { mapping: map, path } = mapping;
  const text = await openFileText(file, map.file.encoding);
  const rows = await openRows(text, map.file);
  const utc = createZone('UTC') as Zone;
  const zone = zoneNamed(map.zone ?? map.timezone, zoneNamed(timezone, utc, 'the workspace'), path);
  const readers = createCellReaders(rows, zone, path);
  return { text, rows, mapping, zone: zone.name, toEvent: await createRowToEvent(map, readers, rows, zone, path) };
}
