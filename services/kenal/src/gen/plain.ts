const MARKS = /\p{M}/gu;
const ASCII_ONLY = /^[\0-\x7f]*$/;
/** Letters that Unicode does not take apart. */
const WHOLE: Readonly<Record<string, string>> = {
  ß: 'ss',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  æ: 'ae',
  œ: 'oe',
  '’': "'",
};

/** Letters without their marks: `Zoë Nguyễn Yıldız` → `Zoe Nguyen Yildiz`. */
export function withoutMarks(text: string): string {
  if (ASCII_ONLY.test(text)) return text;
  return text
    .normalize('NFD')
    .replace(MARKS, '')
    .replace(/[^\0-\x7f]/g, (letter) => WHOLE[letter] ?? letter);
}

/** Only what an e-mail address is made of: `Zoë` → `zoe`, `O'Brien` → `obrien`. */
export function plain(name: string): string {
  return withoutMarks(name)
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();
}
