export type { RebuildProgress, RebuiltWorkspace } from './progress.ts';
export { type RebuildDeps, rebuildState } from './rebuild.ts';
