// A number of 16 digits or more, or one with an exponent, where a value may stand: `:12345678901234567890`, `[-1e400`.
// A cheap question to the whole text; a hit inside a string only costs the slow way.
const SUSPECT = /(?:^|[:,[\s])-?(?:\d{16}|\d[\d.]*[eE])/;

/**
 * Put numbers that a double cannot hold into quotes, so that `JSON.parse` keeps their digits as text:
 * whole numbers beyond 2^53 (`{"id":9007199254740993}` → `{"id":"9007199254740993"}`) and those that overflow (`1e400`).
 * Linear in the length of the text; text that is not JSON comes back in a form that is not JSON either.
 */
export function quoteUnsafeNumbers(text: string): string {
  if (!SUSPECT.test(text)) return text;
  let out = '';
  let copied = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, i + 1);
      if (end - i > 15 || text.slice(i, end).search(/[eE]/) > 0) {
        const token = text.slice(i, end);
        if (!isExact(token)) {
          out += `${text.slice(copied, i)}"${token}"`;
          copied = end;
        }
      }
      i = end;
    } else i++;
  }
  return copied === 0 ? text : out + text.slice(copied);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

// Fractions are floats by nature; only their overflow is a loss.
function isExact(token: string): boolean {
  if (!NUMBER.test(token)) return true; // leave what is not JSON to the parser's complaint
  const value = Number(token);
  if (!Number.isFinite(value)) return false;
  return /[eE]/.test(token) || Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

function endOfNumber(text: string, from: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // digits . + - e E
    if (!isDigit(code) && code !== 0x2e && code !== 0x2b && code !== MINUS && code !== 0x65 && code !== 0x45) break;
  }
  return i;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
