import { problemSchema } from '@kenal/service-kit';

/** Answers that every route that takes a key may give besides its own. */
export const FAULTS = {
  400: problemSchema,
  401: problemSchema,
  403: problemSchema,
  404: problemSchema,
  503: problemSchema,
} as const;
