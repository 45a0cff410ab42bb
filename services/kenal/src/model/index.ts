export { judgeFile } from './churn-file.ts';
export { doubtsIn } from './doubts.ts';
export { fitCohorts, fitOccasions } from './fit-cells.ts';
export { fitRepeatTo, fitSpend, fitSpendTo, historiesIn, windowOf } from './fit-file.ts';
export { dayText, type Purchases, readPurchases, tellLeftOut } from './read-purchases.ts';
export { readSales, type Sales } from './read-sales.ts';
export { reportPage } from './report/index.ts';
export { tooLittleIn } from './too-little.ts';
