/** A fault in what the person at the terminal asked for: one sentence, exit code 2. */
export class UsageError extends Error {
  readonly code = 'bad_usage';
  override readonly name = 'UsageError';
}
