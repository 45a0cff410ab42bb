import { isKenalError } from '@kenal/errors';
import { AnswerError } from '../client/call.ts';
import type { Cli } from './cli.ts';
import { UsageError } from './usage-error.ts';

/** Exit codes of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Tell a person, or a program that asked for JSON, what went wrong: one sentence, never a stack. @returns the exit code */
export function reportFailure(cli: Cli, error: unknown, json: boolean): number {
  const { code, message } = describe(error);
  if (json) cli.err.write(`${JSON.stringify({ error: { code, message } })}\n`);
  else cli.err.write(`kenal: ${message}\n`);
  if (cli.env.KENAL_LOG === 'debug' && error instanceof Error) cli.err.write(`${error.stack}\n`);
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

function describe(error: unknown): { code: string; message: string } {
  if (isKenalError(error) || error instanceof UsageError || error instanceof AnswerError)
    return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `unexpected: ${message} (KENAL_LOG=debug shows more)` };
}
