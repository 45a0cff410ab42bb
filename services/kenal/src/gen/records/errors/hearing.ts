import type { Random } from '../../random.ts';
import type { Spelling } from '../cultures/culture.ts';

/** What a scanner reads for what stands there. */
const LOOKS: readonly Spelling[] = [
  [/m/, 'rn'],
  [/rn/, 'm'],
  [/l/, '1'],
  [/l/, 'i'],
  [/O/, '0'],
  [/0/, 'O'],
  [/S/, '5'],
  [/5/, 'S'],
  [/B/, '8'],
  [/8/, 'B'],
  [/e/, 'c'],
  [/c/, 'e'],
  [/h/, 'b'],
  [/cl/, 'd'],
  [/d/, 'cl'],
  [/1/, 'I'],
  [/I/, 'l'],
  [/vv|w/, 'vv'],
  [/u/, 'ii'],
  [/n/, 'ri'],
  [/G/, '6'],
  [/6/, 'b'],
  [/Z/, '2'],
  [/2/, 'Z'],
  [/7/, '1'],
  [/9/, 'g'],
  [/a/, 'o'],
  [/o/, 'a'],
];

/** What is written down for what was heard. */
const SOUNDS: readonly Spelling[] = [
  [/ph/, 'f'],
  [/f/, 'ph'],
  [/ck/, 'k'],
  [/k/, 'c'],
  [/c(?=[aou])/, 'k'],
  [/c(?=[ei])/, 's'],
  [/s(?=[ei])/, 'c'],
  [/z/, 's'],
  [/ie/, 'ee'],
  [/ee/, 'ea'],
  [/ea/, 'ee'],
  [/y$/, 'ie'],
  [/ie?$/, 'y'],
  [/ll/, 'l'],
  [/l(?=[aeiou])/, 'll'],
  [/nn/, 'n'],
  [/n$/, 'nn'],
  [/tt/, 't'],
  [/t$/, 'tt'],
  [/ss/, 's'],
  [/mm/, 'm'],
  [/gh/, ''],
  [/^Wr/, 'R'],
  [/^Kn/, 'N'],
  [/qu/, 'kw'],
  [/x/, 'ks'],
  [/sch/, 'sh'],
  [/th/, 't'],
  [/dt/, 't'],
  [/v/, 'w'],
  [/w/, 'v'],
  [/j/, 'g'],
  [/e$/, ''],
  [/ou/, 'oo'],
  [/ai/, 'ay'],
  [/ay/, 'ai'],
  [/ei/, 'ai'],
  [/er$/, 'a'],
  [/or$/, 'er'],
  [/en$/, 'an'],
  [/an$/, 'en'],
  [/i(?=[a-z])/, 'e'],
  [/h/, ''],
];

/** Scanned: `Williams` → `Wi1liams`. */
export function misread(text: string, random: Random): string | null {
  return respell(text, LOOKS, random);
}

/** Heard on the phone: `Stephen` → `Stefen`. */
export function misheard(text: string, random: Random): string | null {
  return respell(text, SOUNDS, random);
}

/** One of the replacements that change the text, by chance; null where none does. */
export function respell(text: string, rules: readonly Spelling[], random: Random): string | null {
  const start = random.int(0, rules.length - 1);
  for (let tried = 0; tried < rules.length; tried += 1) {
    const [from, to] = rules[(start + tried) % rules.length] as Spelling;
    if (!from.test(text)) continue;
    const changed = text.replace(from, to);
    if (changed !== text && changed !== '') return changed;
  }
  return null;
}
