/** What tests and benches use of the CLI: the generators of customers and their journeys, and of person records. */
export * from './gen/index.ts';
export * from './gen/records/index.ts';
