/** What reads the JSON of others, without the rest of the kit: for threads that do nothing else and start quickly. */
export { type Outcome, refused } from './fault.ts';
export { isRecord, type JsonRecord } from './json/inspect.ts';
export { parseJsonStrictly } from './json/parse.ts';
export { at, listOf, recordOf, textOf } from './webhook/read.ts';
