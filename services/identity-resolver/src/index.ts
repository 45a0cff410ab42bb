export { createIdentityResolver, type ResolverDeps } from './app.ts';
export { STEPS, type Step, type StepHook } from './step-hook.ts';
