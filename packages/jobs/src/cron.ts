import { KenalError } from '@kenal/errors';
import { CronExpressionParser } from 'cron-parser';

/**
 * When an expression of 5 or 6 fields fires next after `after` (milliseconds since 1970), e.g. `*\/5 * * * *`.
 * @throws KenalError `bad_config` for an expression or a time zone that cannot be read
 */
export function nextRun(cron: string, timezone: string, after: number): number {
  const fields = cron.trim().split(/\s+/).length;
  if (fields !== 5 && fields !== 6)
    throw new KenalError('bad_config', `a cron expression has 5 or 6 fields, not ${fields}: ${cron}`);
  try {
    return CronExpressionParser.parse(cron, { currentDate: new Date(after), tz: timezone })
      .next()
      .getTime();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new KenalError('bad_config', `cron ${cron} (${timezone}): ${detail}`, { cause: error });
  }
}
