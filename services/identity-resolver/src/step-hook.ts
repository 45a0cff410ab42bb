/** The points between two steps of the pipeline, in their order. */
export const STEPS = [
  'decoded',
  'loaded',
  'decided',
  'committed',
  'advanced',
  'published',
  'refused',
  'appended',
  'relayed',
  'acknowledged',
] as const;
/** Those of the lane, beside `loaded`, `decided` and `committed`. */
export const LANE_STEPS = ['aside', 'asidePlaced', 'asidePublished', 'asideReleased'] as const;
export type Step = (typeof STEPS)[number] | (typeof LANE_STEPS)[number];

/** Called when a step has ended and before the next begins: where a test kills the process. */
export type StepHook = (step: Step) => void | Promise<void>;
