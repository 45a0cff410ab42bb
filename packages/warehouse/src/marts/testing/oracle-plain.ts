import { type Day, daysBetween, digits, type Row, sorted, statsRows } from './oracle.ts';

/** To the cent: money is cut after six digits. */
export const near = (cents: unknown): number | null => (cents === null ? null : Math.round(Number(cents)));

/** What so many years like those that were seen bring; nothing is told of who has not been seen for a year. */
export function plainRows(days: readonly Day[], asOf: string, years: number): Row[] {
  return sorted(
    statsRows(days, asOf).map(({ profile, currency, first_day, orders, net }) => {
      const seen = daysBetween(String(first_day), asOf) / 365.25;
      const isTold = seen * 365.25 >= 364;
      const [value, perYear] = [Number(net) / Number(orders), Number(orders) / seen];
      return {
        ...{
          profile: profile!,
          currency: currency!,
          value: Math.trunc(value),
          per_year: isTold ? digits(perYear) : null,
        },
        lifetime: isTold ? near(value * perYear * years) : null,
      };
    }),
  );
}
