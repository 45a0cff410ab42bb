/** How long each was watched, and whether it ended with the event. */
export interface Observed {
  /** Any unit, finite, at least 0. */
  readonly time: ArrayLike<number>;
  /** 1 where the event came, 0 where the watch ended without it (censored). */
  readonly event: ArrayLike<number>;
}

/** Those with one time: the events of it, and who was watched until then. */
export interface Moment {
  readonly time: number;
  /** Rows with the event. */
  readonly events: readonly number[];
  /** Rows whose watch ended. */
  readonly censored: readonly number[];
  /** How many were watched, those of this moment among them: who is censored at a time is counted at it. */
  readonly atRisk: number;
}

/**
 * Moments in order of time, those with an event and those without.
 * @throws RangeError for a time that is none, an event that is neither 0 nor 1, or columns of unequal length
 */
export function momentsOf({ time, event }: Observed): Moment[] {
  if (time.length !== event.length) throw new RangeError(`there are ${time.length} times and ${event.length} events`);
  for (let i = 0; i < time.length; i += 1) {
    if (!(time[i]! >= 0 && Number.isFinite(time[i]!))) throw new RangeError(`row ${i} was watched for ${time[i]}`);
    if (event[i] !== 0 && event[i] !== 1) throw new RangeError(`row ${i} has the event ${event[i]}, not 0 or 1`);
  }
  const order = Array.from({ length: time.length }, (_, i) => i).sort((i, j) => time[i]! - time[j]! || i - j);
  const moments: Moment[] = [];
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && time[order[to]!] === time[order[from]!]) to += 1;
    const rows = order.slice(from, to);
    moments.push({
      time: time[rows[0]!]!,
      events: rows.filter((row) => event[row] === 1),
      censored: rows.filter((row) => event[row] === 0),
      atRisk: order.length - from,
    });
    from = to;
  }
  return moments;
}
