export { type InForce, readInForce } from './in-force.ts';
export { readRulesFile } from './rules-file.ts';
export { findStores, type Stores } from './stores.ts';
export { type Trial, tryRules } from './try-rules.ts';
