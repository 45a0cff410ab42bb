/** How amounts of a file are written: `10,5` and `1.234,50`, or `10.5` and `1,234.50`. */
export const DECIMAL_SIGNS = ['comma', 'point'] as const;
export type DecimalSign = (typeof DECIMAL_SIGNS)[number];
