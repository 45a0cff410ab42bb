export { evaluateRecommendations, type RecommendEvaluation } from '@kenal/analytics';
export { type MiningReport, MOST_ITEMS, mineBaskets, readBaskets } from './mine-file.ts';
export { readOrderLines } from './read-order-lines.ts';
export { leftOutInWords, type RowsLeftOut } from './rows-left-out.ts';
