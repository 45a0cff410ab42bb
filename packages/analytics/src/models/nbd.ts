import { risingTable } from '../numerics/gamma.ts';
import { type Cells, sumsOf, WEEK } from '../purchases/cells.ts';
import { type Fit, fit, type LogLikelihood } from './fit.ts';

export const NBD_NAMES = ['r', 'alpha'] as const;

/**
 * Buying at rates that are Gamma(`r`, `alpha` weeks) by customers who never leave (Ehrenberg 1959, Applied Statistics 8):
 * what BG/NBD, MBG/NBD and Pareto/NBD become where the data show nobody leaving.
 */
export function fitNbd(cells: Cells): Fit<(typeof NBD_NAMES)[number]> {
  const { customers, sumT } = sumsOf(cells);
  const age = Math.max(1 / WEEK, sumT / customers);
  return fit({ names: NBD_NAMES, customers, logLikelihood: nbdLogLikelihood(cells), starts: [[0.5, age / 2]] });
}

/** Σ ln L, ln L = ln Γ(r + x) − ln Γ(r) + r ln α − (r + x) ln(α + T). */
function nbdLogLikelihood({ x, age, weight }: Cells): LogLikelihood {
  const longest = x.at(-1) ?? 0; // sorted by x
  return (parameters, gradient) => {
    const [r, alpha] = parameters as unknown as [number, number];
    const ofR = risingTable(r, longest);
    const logAlpha = Math.log(alpha);
    let [value, byR, byAlpha] = [0, 0, 0];
    for (let i = 0; i < x.length; i += 1) {
      const [count, w, both] = [x[i]!, weight[i]!, alpha + age[i]! / WEEK];
      const log = Math.log(both);
      value += w * (ofR.value(count) + r * logAlpha - (r + count) * log);
      byR += w * (ofR.slope(count) + logAlpha - log);
      byAlpha += w * (r / alpha - (r + count) / both);
    }
    gradient.set([byR, byAlpha]);
    return value;
  };
}
