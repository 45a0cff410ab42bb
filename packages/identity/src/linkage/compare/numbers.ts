/** Gives each distinct text a number, from 0, so that millions of comparisons are of numbers. */
export function createNumbers(): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    let number = known.get(text);
    if (number === undefined) {
      number = known.size;
      known.set(text, number);
    }
    return number;
  };
}
