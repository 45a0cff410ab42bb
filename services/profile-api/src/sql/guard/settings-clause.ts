import { type AllLimits, settingFault } from '../settings.ts';
import { SqlFault } from '../sql-fault.ts';
import { isAssignment, isWord, type Token } from './tokens.ts';

/**
 * Check each `SETTINGS name = value, …` of the statement as the engine's formatter writes it, and the options of a leading
 * `EXPLAIN`. The number of clauses found here must equal the number of `Set` nodes in the syntax tree: a clause in a
 * form that is not understood here is refused because the two differ.
 * @returns how many clauses there are
 * @throws SqlFault where a setting is not harmless
 */
export function checkSettings(tokens: readonly Token[], limits: AllLimits): number {
  let clauses = explainHasOptions(tokens) ? 1 : 0;
  for (let i = 0; i < tokens.length; i++) {
    if (!isWord(tokens[i], 'SETTINGS') || !isAssignment(tokens, i + 1)) continue;
    clauses += 1;
    let at = i + 1;
    for (;;) {
      at = checkAssignment(tokens, at, limits);
      if (tokens[at]?.type !== 'Comma') break;
      at += 1;
      if (!isAssignment(tokens, at)) throw SqlFault.refused('a SETTINGS clause of this form');
    }
  }
  return clauses;
}

function checkAssignment(tokens: readonly Token[], at: number, limits: AllLimits): number {
  const name = tokens[at]?.text ?? '';
  let value = tokens[at + 2];
  let next = at + 3;
  if (value?.type === 'Minus') {
    value = tokens[next];
    next += 1;
  }
  const plain = value?.type === 'Number' || value?.type === 'StringLiteral' || isWord(value, 'TRUE', 'FALSE');
  if (!plain) throw SqlFault.refused(`the value of the setting ${name}`);
  const text = value?.type === 'StringLiteral' ? value.text.slice(1, -1) : (value?.text ?? '');
  const fault = settingFault(name, text, limits);
  if (fault !== null) throw SqlFault.refused(fault);
  return next;
}

// EXPLAIN [AST | SYNTAX | QUERY TREE | PLAN | PIPELINE | ESTIMATE] option = value …: options of the explanation, no settings
function explainHasOptions(tokens: readonly Token[]): boolean {
  if (!isWord(tokens[0], 'EXPLAIN')) return false;
  let at = 1;
  while (isWord(tokens[at], 'AST', 'SYNTAX', 'QUERY', 'TREE', 'PLAN', 'PIPELINE', 'ESTIMATE')) at += 1;
  return isAssignment(tokens, at);
}
