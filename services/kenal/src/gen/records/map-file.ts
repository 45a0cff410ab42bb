import type { Column } from './profile.ts';

const IDENTIFIERS: readonly Column[] = ['email', 'phone', 'national_id'];

/**
 * The mapping that `kenal identity evaluate` reads, for the columns that a file has.
 * @param made how the file came to be, for its first line
 */
export function mapFile(columns: readonly Column[], made: string): string {
  const has = (column: Column): string[] => (columns.includes(column) ? [column] : []);
  const identifiers = columns.filter((column) => IDENTIFIERS.includes(column));
  const traits = columns.filter(
    (c) => !IDENTIFIERS.includes(c) && c !== 'record_id' && c !== 'truth' && c !== 'source',
  );
  const lines = [
    `# ${made}`,
    'id: record_id',
    ...has('truth').map((column) => `truth: ${column}`),
    ...has('source').map((column) => `source: ${column}`),
    ...block('identifiers', identifiers),
    ...block('traits', traits),
  ];
  return `${lines.join('\n')}\n`;
}

function block(name: string, columns: readonly Column[]): string[] {
  return columns.length === 0 ? [] : [`${name}:`, ...columns.map((column) => `  ${column}: ${column}`)];
}
