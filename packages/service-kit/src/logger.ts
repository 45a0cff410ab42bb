import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** Name of the service, in every line. */
  readonly name: string;
  /** `trace` … `fatal`, or `silent`; default `info`. */
  readonly level?: string;
  /** Where lines go; default standard error, so that standard output stays free for answers. */
  readonly destination?: DestinationStream;
}

// Personal data and secrets never reach a log, whatever object is handed over by mistake.
const REDACTED = [
  'key',
  'writeKey',
  'password',
  'secret',
  'token',
  'authorization',
  'traits',
  'properties',
  'identifiers',
  'body',
];

/**
 * A structured logger: constant message, fields, `err` for errors (style.md, rule 10).
 * ERROR: data lost or a person must act. WARN: odd but safe. INFO: something an operator asked for is done.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.name },
      redact: { paths: REDACTED.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    // Synchronous: what pino puts off it writes at exit, and tries that for ever where nobody reads the pipe any more
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
