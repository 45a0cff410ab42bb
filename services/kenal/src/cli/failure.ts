import { isKenalError } from '@kenal/errors';
import { EXIT_CANNOT_START } from '@kenal/service-kit';
import { AnswerError } from '../client/call.ts';
import type { Cli } from './cli.ts';
import { UsageError } from './usage-error.ts';

/** Exit codes of every command: done; failed, or not all of it got in; asked for wrongly; ended by Ctrl-C. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Tell a person, or a program that asked for JSON, what went wrong: one sentence, never a stack. @returns the exit code */
export function reportFailure(cli: Cli, error: unknown, json: boolean): number {
  const told = describe(error);
  if (json) cli.err.write(`${JSON.stringify({ error: told })}\n`);
  else cli.err.write(`kenal: ${told.message}\n`);
  if (cli.env.KENAL_LOG === 'debug' && error instanceof Error) cli.err.write(`${error.stack}\n`);
  if (error instanceof UsageError) return EXIT.usage;
  // A supervisor starts a service again unless that cannot help
  const isHopeless = cli.env.KENAL_PARENT !== undefined && isKenalError(error) && !error.retryable;
  return isHopeless ? EXIT_CANNOT_START : EXIT.failed;
}

/** What a program is told of a failure: one JSON line on standard error, `{"error": {…}}`. */
interface Told {
  /** Of the error catalogue, `bad_usage`, or `http_<status>`. */
  readonly code: string;
  readonly message: string;
  /** Where ClickHouse refused a statement. */
  readonly clickhouseCode?: number;
}

const WHICH_KEY =
  'sending takes a write key, asking a read key, deciding a steward key; without --key they come from endpoints.json';

function describe(error: unknown): Told {
  if (error instanceof AnswerError) {
    const { code, clickhouseCode } = error;
    const message = code === 'unknown_key' ? `${error.message}; ${WHICH_KEY}` : error.message;
    return clickhouseCode === null ? { code, message } : { code, message, clickhouseCode };
  }
  if (isKenalError(error) || error instanceof UsageError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message: `unexpected: ${message} (KENAL_LOG=debug shows more)` };
}
