export type { RebuildProgress, RebuiltWorkspace } from '@kenal/identity-resolver/rebuild';
export { openHelper } from './linkage-helper.ts';
export { readPeopleMapping } from './people-mapping.ts';
export { readPeople } from './read-people.ts';
export { type EvaluationResult, runEvaluate } from './run-evaluate.ts';
export { runRebuild } from './run-rebuild.ts';
export { writeClusters } from './write-clusters.ts';
