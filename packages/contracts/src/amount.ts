/**
 * The most that an amount or a quantity can be, of any currency. What is beyond is a slip or an attack, and a few of them
 * would make sums of Decimal(38, 6) wrap around; 10¹⁶ of these fit.
 */
export const MOST_AMOUNT = 1e15;
