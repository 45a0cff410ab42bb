export { openHelper } from './linkage-helper.ts';
export { readPeopleMapping } from './people-mapping.ts';
export { readPeople } from './read-people.ts';
export { type EvaluationResult, runEvaluate } from './run-evaluate.ts';
export { writeClusters } from './write-clusters.ts';
