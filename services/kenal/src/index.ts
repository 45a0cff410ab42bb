/** What tests and benches use of the CLI: the generators of customers and their journeys, and of person records; readers of baskets. */
export * from './gen/index.ts';
export * from './gen/records/index.ts';
export { readBaskets } from './market/mine-file.ts';
export { readOrderLines } from './market/read-order-lines.ts';
