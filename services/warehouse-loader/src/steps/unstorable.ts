/** A value that no column can hold. What is wrong with it stands in the failed event that it becomes. */
export class Unstorable extends Error {
  override readonly name = 'Unstorable';
}
