import { type Cli, type CommonOptions, wantsColour } from '../cli/cli.ts';

/** Short names for what ClickHouse calls its formats; every name of ClickHouse is good too. */
const FORMATS: Readonly<Record<string, string>> = {
  csv: 'CSV',
  csvwithnames: 'CSVWithNames',
  json: 'JSON',
  ndjson: 'JSONEachRow',
  jsonl: 'JSONEachRow',
  tsv: 'TSV',
  tsvwithnames: 'TSVWithNames',
  parquet: 'Parquet',
  arrow: 'Arrow',
  markdown: 'Markdown',
  md: 'Markdown',
  xml: 'XML',
  values: 'Values',
  vertical: 'Vertical',
  table: 'PrettyCompactMonoBlock',
  pretty: 'PrettyCompactMonoBlock',
};

/** ClickHouse's name of a format that a person named. */
export function formatNamed(name: string): string {
  return FORMATS[name.toLowerCase()] ?? name;
}

/** What an answer is written in where nobody says: a table on a terminal, else lines that other programs read. */
export function formatOf(
  cli: Cli,
  options: CommonOptions & { readonly format?: string; readonly output?: string },
): string {
  if (options.format !== undefined) return formatNamed(options.format);
  if (options.json) return 'JSON';
  if (cli.out.isTTY !== true || options.output !== undefined) return 'TSVWithNames';
  return tableFormat(cli);
}

/** A table for a person. */
export function tableFormat(cli: Cli): string {
  return wantsColour(cli, cli.out) ? 'PrettyCompactMonoBlock' : 'PrettyCompactNoEscapesMonoBlock';
}
