/** The points between two steps of the pipeline, in their order. */
export const STEPS = [
  'decoded',
  'loaded',
  'decided',
  'committed',
  'advanced',
  'published',
  'refused',
  'relayed',
  'acknowledged',
] as const;
export type Step = (typeof STEPS)[number];

/** Called when a step has ended and before the next begins: where a test kills the process. */
export type StepHook = (step: Step) => void | Promise<void>;
