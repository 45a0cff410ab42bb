import type { Column, Fact } from './profile.ts';
import type { PersonRecord } from './record.ts';

/** A line of CSV (RFC 4180) with its end. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}

/** @param number of the record in the file, from 1 */
export function cellsOf(record: PersonRecord, number: number, columns: readonly Column[]): string[] {
  return columns.map((column) => {
    switch (column) {
      case 'record_id':
        return `r${String(number).padStart(7, '0')}`;
      case 'truth':
        return record.truth;
      case 'source':
        return record.source;
      default:
        return record.facts[column satisfies Fact];
    }
  });
}
