/**
 * Remember the results of a pure function of one string for the values seen last.
 * Two generations stand in for an exact order: what was not asked for during a whole generation is forgotten.
 * @param size values in one generation; up to twice as many are held
 */
export function remember<R>(compute: (text: string) => R, size: number): (text: string) => R {
  let young = new Map<string, R>();
  let old = new Map<string, R>();
  return function remembered(text) {
    let result = young.get(text);
    if (result !== undefined) return result;
    result = old.get(text) ?? compute(text);
    young.set(text, result);
    if (young.size >= size) {
      old = young;
      young = new Map();
    }
    return result;
  };
}
