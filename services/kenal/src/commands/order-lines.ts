import type { Command } from 'commander';
import { oneOf } from '../cli/choices.ts';
import { type Cli, note } from '../cli/cli.ts';
import { count } from '../cli/progress.ts';
import type { RowsLeftOut } from '../market/index.ts';
import { DECIMAL_SIGNS, type DecimalSign } from '../model/decimal-sign.ts';
import { tellUnreadable } from './model.ts';

/** Options of every command that reads lines of orders. */
export interface LineOptions {
  readonly value?: string;
  readonly quantity?: string;
  readonly decimal?: DecimalSign;
  readonly delimiter?: string;
}

export function withLines(command: Command): Command {
  return command
    .argument('<file>', 'CSV, NDJSON or JSON (also .gz), an item of an order a row')
    .option('--quantity <column>', 'how many; rows where it is not above 0 are left out')
    .option('--value <column>', 'the price of a piece; rows where it is not above 0 are left out')
    .option('--decimal <sign>', 'comma (10,5) or point (1,234.5) in amounts', oneOf('--decimal', DECIMAL_SIGNS))
    .option('--delimiter <sign>', 'between cells, where the file does not show it');
}

export async function tellLeftOut(cli: Cli, leftOut: RowsLeftOut, quiet: boolean): Promise<void> {
  const { leftOutInWords } = await import('../market/index.ts');
  const told = leftOutInWords(leftOut);
  if (told !== '' && !quiet) note(cli, `of ${count(leftOut.rows)} rows were left out: ${told}`);
  tellUnreadable(cli, leftOut.reasons.get('unreadable') ?? 0, leftOut.firstUnreadable);
}

export { secondsSince } from './model.ts';
