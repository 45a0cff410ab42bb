import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIGRATIONS } from './migrate.ts';
import { splitStatements } from './split-statements.ts';

// CREATE OR REPLACE VIEW kenal.orders
const VIEW = /\bCREATE OR REPLACE VIEW kenal\.(\w+)/;
// {as_of:Date}
const PARAMETER = /\{\w+:/;

/** Names of the views that can be read without parameters, as the migrations of this repository make them; no database is asked. */
export function viewNames(): ReadonlySet<string> {
  const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.sql'));
  const statements = files.flatMap((file) => splitStatements(readFileSync(join(MIGRATIONS, file), 'utf8')));
  return new Set(statements.filter((text) => !PARAMETER.test(text)).flatMap((text) => VIEW.exec(text)?.[1] ?? []));
}
