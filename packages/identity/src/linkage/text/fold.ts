/** Letters that NFD leaves whole; Cyrillic and Greek after the passport rules of ICAO 9303 part 3, in short. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i', ħ: 'h', ŋ: 'n' },
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ж: 'zh', з: 'z', и: 'i', к: 'k', л: 'l', м: 'm', н: 'n' },
  ...{ о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch' },
  ...{ ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya', і: 'i', є: 'ie', ґ: 'g' },
  ...{ α: 'a', β: 'v', γ: 'g', δ: 'd', ε: 'e', ζ: 'z', η: 'i', θ: 'th', ι: 'i', κ: 'k', λ: 'l', μ: 'm', ν: 'n' },
  ...{ ξ: 'x', ο: 'o', π: 'p', ρ: 'r', σ: 's', ς: 's', τ: 't', υ: 'y', φ: 'f', χ: 'ch', ψ: 'ps', ω: 'o' },
};
const MARKS = /\p{M}+/gu;
const FOREIGN = /[^\0-\x7f]/g;
const APOSTROPHES = /['’`´.]/g;
const NO_LETTERS = /[^\p{L}\p{N}]+/gu;
const PLAIN = /^[a-z0-9 ]*$/;
const ASCII = /^[\0-\x7f]*$/;
const NO_ASCII_LETTERS = /[^a-z0-9]+/g;

/** `Müller-Lüdenscheidt` → `muller ludenscheidt`, `O’Brien` → `obrien`, `Čapek` → `capek`, `Юлия` → `yuliya`; words parted by one space. */
export function fold(raw: string): string {
  const lower = raw.toLowerCase();
  if (PLAIN.test(lower) && !lower.includes('  ')) return lower.trim();
  if (ASCII.test(lower)) return lower.replace(APOSTROPHES, '').replace(NO_ASCII_LETTERS, ' ').trim();
  const bare = lower.normalize('NFKD').replace(MARKS, '').replace(APOSTROPHES, '');
  const latin = bare.replace(FOREIGN, (letter) => LETTERS[letter] ?? letter);
  return latin.replace(NO_LETTERS, ' ').trim();
}

/** Cells that stand for "nothing known". */
const NOTHING = new Set([
  '',
  'na',
  'n a',
  'nan',
  'null',
  'none',
  'nil',
  'unknown',
  'undefined',
  'missing',
  'not known',
]);

/** @param folded text of `fold` */
export function saysNothing(folded: string): boolean {
  return NOTHING.has(folded);
}
