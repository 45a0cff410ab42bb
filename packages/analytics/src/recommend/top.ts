/** The items of the highest scores, best first; of equal ones the lower number. Items that `isOut` are none. */
export function topOf(scores: Float64Array, most: number, isOut: (item: number) => boolean): number[] {
  const top: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let item = 0; item < scores.length; item += 1) {
    const score = scores[item]!;
    if ((top.length === most && score <= least) || isOut(item)) continue;
    let place = top.length;
    while (place > 0 && scores[top[place - 1]!]! < score) place -= 1;
    top.splice(place, 0, item);
    if (top.length > most) top.pop();
    if (top.length === most) least = scores[top[most - 1]!]!;
  }
  return top;
}
