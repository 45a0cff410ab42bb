import { createServer } from 'node:net';
import { KenalError } from '@kenal/errors';

const TRIES = 100;

/**
 * A port for a process that is started later, and again after a crash.
 * @param asked taken as it is, or an error; without it the first free one from `standard` on (0: any)
 * @throws KenalError `port_taken`
 */
export async function choosePort(host: string, asked: number | undefined, standard: number): Promise<number> {
  if (asked !== undefined && asked !== 0) {
    if ((await tryPort(host, asked)) === null)
      throw new KenalError('port_taken', `${host}:${asked}; stop what listens there or choose another`);
    return asked;
  }
  const first = asked === 0 ? 0 : standard;
  for (let step = 0; step < TRIES; step++) {
    const port = await tryPort(host, first === 0 ? 0 : first + step);
    if (port !== null) return port;
  }
  throw new KenalError('port_taken', `${host}: none of ${TRIES} ports from ${first} on is free`);
}

function tryPort(host: string, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
