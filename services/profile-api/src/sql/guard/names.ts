import type { SqlCatalogue } from './catalogue.ts';
import { isWord, type Token } from './tokens.ts';
import { checkFunction, checkName } from './tree-check.ts';

/**
 * A second look at the names, in the tokens: the syntax tree does not print what stands inside some nodes
 * (`APPLY (x -> (SELECT …))`). Every name and every `name.name` is held against the tables, every `name(` and
 * `APPLY name` against the functions. It may refuse an alias that is named like a closed table; it hides nothing.
 * @throws SqlFault
 */
export function checkNames(tokens: readonly Token[], catalogue: SqlCatalogue): void {
  for (const [i, token] of tokens.entries()) {
    const name = nameOf(token);
    if (name === null) continue;
    const member = tokens[i + 1]?.type === 'Dot' ? nameOf(tokens[i + 2]) : null;
    checkName(member === null ? name : `${name}.${member}`, catalogue);
    if (tokens[i + 1]?.type === 'OpeningRoundBracket' || isApplied(tokens, i)) checkFunction(name, catalogue);
  }
}

function nameOf(token: Token | undefined): string | null {
  if (token?.type === 'BareWord') return token.text;
  return token?.type === 'QuotedIdentifier' ? token.text.slice(1, -1) : null;
}

// `APPLY f` and `APPLY(f)`
function isApplied(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.type === 'OpeningRoundBracket' ? at - 2 : at - 1;
  return isWord(tokens[before], 'APPLY');
}
