import { addCdrImport } from './cdr-import.ts';
import { addCdrTail } from './cdr-tail.ts';
import type { AddCommand } from './command.ts';

export const addCdr: AddCommand = (program, cli) => {
  const cdr = program.command('cdr').description('take the call detail records that an Asterisk exchange writes');
  addCdrTail(cdr, cli);
  addCdrImport(cdr, cli);
};
