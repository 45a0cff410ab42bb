export { type Faults, faultsOf } from './faults.ts';
export { silentLogger, type WarnLogger } from './logger.ts';
