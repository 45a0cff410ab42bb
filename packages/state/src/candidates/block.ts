/** Records of a block that is still looked at; the full pass drops blocks of about this size too. */
export const DEFAULT_BLOCK_LIMIT = 100;

/** A block that has grown beyond the limit: its members are forgotten, and it takes no more. */
export const EMPTIED = '*';

/** `,3,17,` → 3, 17 */
export function membersOf(block: string): number[] {
  return block === EMPTIED || block === '' ? [] : block.slice(1, -1).split(',').map(Number);
}

/** @returns the block with one more member, emptied where that is one too many */
export function withMember(block: string, id: number, limit: number): string {
  if (block === EMPTIED || block.includes(`,${id},`)) return block;
  if (membersOf(block).length >= limit) return EMPTIED;
  return `${block === '' ? ',' : block}${id},`;
}

/** @returns '' where it was the last one */
export function withoutMember(block: string, id: number): string {
  if (block === EMPTIED) return block;
  const left = block.replace(`,${id},`, ',');
  return left === ',' ? '' : left;
}
