import { KenalError } from '@kenal/errors';
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { untilAvailable } from './until-available.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

function failing(times: number, error: Error) {
  let calls = 0;
  const attempt = async () => {
    calls += 1;
    if (calls <= times) throw error;
    return 'there';
  };
  return { attempt, calls: () => calls };
}

test('a service that starts before what it needs waits for it', async () => {
  const { attempt, calls } = failing(2, new KenalError('unavailable'));
  expect(await untilAvailable(logger, { what: 'it' }, attempt)).toBe('there');
  expect(calls()).toBe(3);
});

test('what waiting cannot mend is thrown at once, and the rest when the time is over', async () => {
  const wrong = failing(9, new KenalError('bad_config'));
  await expect(untilAvailable(logger, { what: 'it' }, wrong.attempt)).rejects.toMatchObject({ code: 'bad_config' });
  expect(wrong.calls()).toBe(1);
  const away = failing(99, new KenalError('unavailable'));
  await expect(untilAvailable(logger, { what: 'it', withinMs: 150 }, away.attempt)).rejects.toMatchObject({
    code: 'unavailable',
  });
});
