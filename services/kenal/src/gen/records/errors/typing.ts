import type { Random } from '../../random.ts';

const ROWS = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const NEIGHBOURS = neighbours();
const LETTERS = 'etaoinshrdlucmfwypvbgkjqxz';

/** One slip of a finger: a character too many, too few, a neighbour on the keyboard, or two of them the wrong way round. */
export function typo(text: string, random: Random): string | null {
  if (text.length < 2) return null;
  const at = random.int(0, text.length - 1);
  switch (random.int(1, 4)) {
    case 1:
      return text.slice(0, at) + text.slice(at + 1);
    case 2:
      return text.slice(0, at + 1) + nextTo(text, at, random) + text.slice(at + 1);
    case 3:
      return text.slice(0, at) + nextTo(text, at, random) + text.slice(at + 1);
    default: {
      const left = Math.min(at, text.length - 2);
      const [a, b] = [text[left] as string, text[left + 1] as string];
      if (a === b) return text.slice(0, left) + text.slice(left + 1);
      return text.slice(0, left) + b + a + text.slice(left + 2);
    }
  }
}

/** One digit off, or two neighbours exchanged. `2031` → `2034`, `2301` */
export function wrongDigit(text: string, random: Random): string | null {
  const places: number[] = [];
  for (let at = 0; at < text.length; at += 1) if (isDigit(text, at)) places.push(at);
  if (places.length === 0) return null;
  const at = random.pick(places);
  if (random.chance(0.3) && isDigit(text, at + 1) && text[at] !== text[at + 1])
    return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
  const digit = (Number(text[at]) + random.int(1, 9)) % 10;
  return text.slice(0, at) + digit + text.slice(at + 1);
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function nextTo(text: string, at: number, random: Random): string {
  const letter = text[at] as string;
  const near = NEIGHBOURS.get(letter.toLowerCase());
  const other =
    near === undefined ? random.pick(LETTERS as unknown as string[]) : (near[random.int(0, near.length - 1)] as string);
  return letter >= 'A' && letter <= 'Z' ? other.toUpperCase() : other;
}

function neighbours(): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [row, keys] of ROWS.entries())
    for (let at = 0; at < keys.length; at += 1) {
      const around = [keys[at - 1], keys[at + 1]];
      if (row > 1) around.push(ROWS[row - 1]?.[at], ROWS[row - 1]?.[at + 1]);
      if (row > 0) around.push(ROWS[row + 1]?.[at], ROWS[row + 1]?.[at - 1]);
      map.set(keys[at] as string, around.filter((key) => key !== undefined).join(''));
    }
  return map;
}
