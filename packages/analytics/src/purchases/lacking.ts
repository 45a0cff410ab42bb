/** Buyers that there have to be at least before models of repeat buying say anything. */
export const LEAST_BUYERS = { customers: 100, repeaters: 30 } as const;

/** What there is too little of, each in words; none where there is enough. @param repeaters who bought on another day too */
export function lacking({ customers, repeaters }: Readonly<Record<keyof typeof LEAST_BUYERS, number>>): string[] {
  return [
    ...(customers < LEAST_BUYERS.customers ? [`${customers} customers, and ${LEAST_BUYERS.customers} are needed`] : []),
    ...(repeaters < LEAST_BUYERS.repeaters
      ? [`${repeaters} who bought again, and ${LEAST_BUYERS.repeaters} are needed`]
      : []),
  ];
}
