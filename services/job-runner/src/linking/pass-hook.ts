/** Told where a pass is; tests kill it there. */
export type PassHook = (step: 'read' | 'indexed' | 'linked' | 'switched') => void;
