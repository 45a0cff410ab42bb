/** What becomes of stored events of values that are blocked from now on; `try` and `switch` say it. */
export const BLOCKED_THEN =
  'They join nobody then, and events that they own are nobody’s, until kenal identity rebuild gives these the next best owner (it begins where Kenal is stopped and its identity state emptied).';
