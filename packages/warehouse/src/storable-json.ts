/**
 * Where ClickHouse's JSON functions take a whole text for none, found by trying: whole numbers outside −2^63 … 2^64−1,
 * numbers beyond a double, and escaped lone surrogates. They read everything else that JSON can write: doubled and empty keys,
 * dots in keys, NUL, arrays of mixed types, a hundred levels of nesting (`storable-json.int.test.ts` of the loader).
 */
const SUSPICIOUS = /\d{19}|[eE]\+?\d{3}|\\u[dD][89a-fA-F]/;
// A JSON string, or a number: "a\"b" · -1.5e3
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
const ESCAPE = /\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([dD][89a-fA-F][0-9a-fA-F]{2})|.)/gs;
const LEAST = -(2n ** 63n);
const MOST = 2n ** 64n - 1n;

/**
 * The JSON text of an object as the warehouse can read its parts: a number that does not fit becomes a string with the same
 * digits, a lone surrogate becomes U+FFFD; anything else is not touched, and mostly not even looked at twice.
 */
export function storableJson(json: string): string {
  if (json === '') return '{}';
  if (!SUSPICIOUS.test(json)) return json;
  return json.replace(TOKEN, (token) => (token[0] === '"' ? mendString(token) : mendNumber(token)));
}

/** A JSON string with its lone surrogates replaced; pairs and escaped backslashes stay. */
function mendString(json: string): string {
  if (!json.includes('\\u')) return json;
  return json.replace(ESCAPE, (found, _high, _low, lone: string | undefined) => (lone ? '\\ufffd' : found));
}

function mendNumber(digits: string): string {
  if (/^-?\d+$/.test(digits)) {
    const value = BigInt(digits);
    return value < LEAST || value > MOST ? `"${digits}"` : digits;
  }
  return Number.isFinite(Number(digits)) ? digits : `"${digits}"`;
}
