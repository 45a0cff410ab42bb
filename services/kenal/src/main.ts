import { processCli } from './cli/cli.ts';
import { run } from './run.ts';

// A reader that has seen enough (`kenal sql … | head`) closes the pipe: that is no fault. A note that its file has no
// room for is no reason to end either; an answer is.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    if (stream === process.stdout) throw error;
  });

process.exitCode = await run(process.argv.slice(2), processCli());
