/** Beyond this chance nothing more is told. */
const REST = 1e-9;
const MOST = 20_000;

/**
 * P(N = n), n = 0, 1, …, of purchases at a rate that is Gamma(shape, rate) in a time: negative binomial, by logarithms, so
 * that a customer of thousands of purchases does not underflow.
 */
export function negativeBinomial(shape: number, rate: number, time: number): number[] {
  const logShare = Math.log(time / (rate + time));
  let log = -shape * Math.log1p(time / rate);
  const chances = [Math.exp(log)];
  const mean = (shape * time) / rate;
  for (let [n, sum] = [1, chances[0]!]; (sum < 1 - REST || n < mean) && n < MOST; n += 1) {
    log += Math.log((shape + n - 1) / n) + logShare;
    chances.push(Math.exp(log));
    sum += chances[n]!;
  }
  return chances;
}

/**
 * The same where after each purchase a customer leaves with a chance p that is Beta(a, b):
 * P(N ≥ n) = E[(1 − p)^(n−1)] · P(NB ≥ n), for leaving and pace have nothing to do with each other.
 */
export function leavingAfterPurchase(unhindered: readonly number[], a: number, b: number): number[] {
  const atLeast = [1];
  let [rest, stays] = [1, 1];
  for (let n = 1; n < unhindered.length; n += 1) {
    rest = Math.max(0, rest - unhindered[n - 1]!);
    if (n > 1) stays *= (b + n - 2) / (a + b + n - 2);
    atLeast.push(stays * rest);
  }
  return atLeast.map((chance, n) => chance - (atLeast[n + 1] ?? 0));
}
