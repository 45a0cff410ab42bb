import type { ComponentCommit } from '@kenal/contracts';

/**
 * Refuse a commit that no store could apply safely. Every adapter calls it first, so a wrong caller fails alike everywhere.
 * @throws TypeError a bug of the caller: nothing of the whole call has been applied
 */
export function checkCommit(commit: ComponentCommit): void {
  if (!commit.expect.has(commit.target)) throw new TypeError('a commit must expect a version of its target');
  for (const source of commit.absorb) {
    if (source === commit.target) throw new TypeError('a component cannot absorb itself');
    if (!commit.expect.has(source)) throw new TypeError('a commit must expect a version of what it absorbs');
  }
  // The empty name is where both stores keep the version.
  if (commit.set.has('') || commit.unset.includes('')) throw new TypeError('a field name must not be empty');
}
