import { edits } from '../text/edits.ts';
import { jaroWinkler } from '../text/jaro-winkler.ts';

/** @returns 0 unlike, 1 near (one slip, or two and Jaro–Winkler of .92), 2 similar (two slips, a third of the letters, or .85) */
export function closeness(x: string, y: string): 0 | 1 | 2 {
  const length = Math.max(x.length, y.length);
  const similarity = jaroWinkler(x, y);
  if (similarity < 0.5) return 0;
  const most = Math.max(1, Math.floor(length * 0.36));
  const slips = edits(x, y, most);
  if ((slips === 1 && length > 2) || (similarity >= 0.92 && slips <= Math.max(2, length * 0.15))) return 1;
  if ((slips <= most && slips >= 2 && length >= 5) || similarity >= 0.85) return 2;
  return 0;
}

/** Whether one is what people with the other are called in short, by its start or its end: `eli` of `elijah`, `lana` of `svetlana`. */
export function isPart(x: string, y: string): boolean {
  const [short, long] = x.length < y.length ? [x, y] : [y, x];
  return (short.length >= 3 && long.startsWith(short)) || (short.length >= 4 && long.endsWith(short));
}
