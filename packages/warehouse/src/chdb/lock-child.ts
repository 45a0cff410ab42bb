import { isKenalError } from '@kenal/errors';
import { lockDirectory } from './data-lock.ts';

// A contender for a data directory, for the test: `node lock-child.ts <directory>`. Says `ready`, tries once at the first
// byte on stdin, says `mine` or why not, and keeps what it has until it is killed.
process.stdin.once('data', () => {
  try {
    lockDirectory(process.argv[2]!);
    process.stdout.write('mine\n');
  } catch (error) {
    process.stdout.write(`${isKenalError(error) ? error.code : 'fault'}: ${(error as Error).message}\n`);
  }
});
process.stdout.write('ready\n');
