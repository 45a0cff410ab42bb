export { follow } from './follow.ts';
export { importCdr } from './import-cdr.ts';
export { createPositionFile } from './position.ts';
export { postTo } from './post-to.ts';
export { createCounts, type PostLines } from './send-lines.ts';
