const STANDS_OUT = 1.25;
const MOST = 2;

/**
 * What a segment is called: the categories that take most more of its money than of everybody's, by a quarter at least;
 * `coffee + garden`, or `mixed`. Two of one name are told apart by a number.
 * @param spent of each segment, by category
 */
export function namesOf(spent: readonly Float64Array[], categories: readonly string[]): string[] {
  const shares = spent.map(shareOf);
  const base = shareOf(categories.map((_, j) => spent.reduce((sum, of) => sum + of[j]!, 0)));
  const names: string[] = [];
  for (const own of shares) {
    const standing = [...categories.keys()]
      .filter((j) => own[j]! >= STANDS_OUT * base[j]!)
      .sort((one, other) => own[other]! - base[other]! - (own[one]! - base[one]!))
      .slice(0, MOST);
    const name = standing.map((j) => categories[j]!).join(' + ') || 'mixed';
    const before = names.filter((one) => one === name || one.startsWith(`${name} (`)).length;
    names.push(before === 0 ? name : `${name} (${before + 1})`);
  }
  return names;
}

function shareOf(spent: ArrayLike<number>): number[] {
  const cells = Array.from(spent);
  const sum = cells.reduce((all, one) => all + one, 0);
  return cells.map((one) => (sum === 0 ? 0 : one / sum));
}
