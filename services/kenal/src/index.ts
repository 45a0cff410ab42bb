/** What tests and benches use of the CLI: the generator of customers and their journeys. */
export * from './gen/index.ts';
