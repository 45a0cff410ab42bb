import { KenalError } from '@kenal/errors';
import { RE2JS, RE2JSSyntaxException } from 're2js';

/** All patterns of a workspace are tried on every value, so what one value costs is bounded: in instructions a character. */
const MOST_PATTERNS = 100;
const MOST_INSTRUCTIONS = 5_000;

type Form = { readonly value: string; readonly match: string };

/**
 * The patterns of values that a workspace calls nobody's: `email:.*@test\.example`, or `qa-\d+` for every type. The whole
 * value has to match, in any of its spellings; case does not count. The engine takes linear time, whatever is written.
 * @param types those that an entry may begin with
 * @throws KenalError `bad_config`: the entry, what is wrong with it, what to do
 */
export function createPatternBlock(
  entries: readonly string[],
  types: readonly string[],
): (type: string, text: string, form: Form) => boolean {
  if (entries.length === 0) return () => false;
  if (entries.length > MOST_PATTERNS)
    throw fault(`there are ${entries.length} patterns, ${MOST_PATTERNS} are the most; join some with |`);
  let instructions = 0;
  const patterns = entries.map((entry) => {
    const colon = entry.indexOf(':');
    const type = types.includes(entry.slice(0, colon)) ? entry.slice(0, colon) : null;
    const pattern = compile(entry, type === null ? entry : entry.slice(colon + 1));
    instructions += pattern.programSize();
    if (instructions > MOST_INSTRUCTIONS)
      throw fault(
        `with \`${entry}\` the patterns are too large; repeat fewer times, {n,m} counts n to m times its size`,
      );
    return { type, pattern };
  });
  return function isBlocked(type, text, { value, match }) {
    const spellings = new Set([text, value, match]);
    for (const { type: only, pattern } of patterns) {
      if (only !== null && only !== type) continue;
      for (const spelling of spellings) if (pattern.testExact(spelling)) return true;
    }
    return false;
  };
}

function compile(entry: string, expression: string): RE2JS {
  try {
    return RE2JS.compile(expression, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    const why = error instanceof RE2JSSyntaxException ? error.getDescription() : String(error);
    throw fault(
      `\`${entry}\` is no regular expression in RE2’s syntax: ${why}; look-around and back references are not in it`,
    );
  }
}

function fault(what: string): KenalError {
  return new KenalError('bad_config', `identity.blockedPatterns: ${what}`);
}
