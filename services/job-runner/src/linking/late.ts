/** The index in which records that come in during a pass wait for the model that it learns. */
export const LATE = 'late';
