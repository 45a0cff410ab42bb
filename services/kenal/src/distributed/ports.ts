import { createServer } from 'node:net';
import { KenalError } from '@kenal/errors';

const TRIES = 100;

/**
 * Chooses ports for processes that are started later, and again after a crash; none is given twice.
 * @param asked taken as it is, or an error; without it the first free one from `standard` on (0: any)
 * @throws KenalError `port_taken`
 */
export type PortChooser = (host: string, asked: number | undefined, standard: number) => Promise<number>;

export function createPortChooser(): PortChooser {
  const given = new Set<number>();
  const take = async (host: string, wanted: number): Promise<number | null> => {
    const port = given.has(wanted) ? null : await tryPort(host, wanted);
    if (port === null || given.has(port)) return null;
    given.add(port);
    return port;
  };
  return async (host, asked, standard) => {
    if (asked !== undefined && asked !== 0) {
      if ((await take(host, asked)) !== null) return asked;
      const why = given.has(asked) ? 'two services were given the same' : 'stop what listens there or choose another';
      throw new KenalError('port_taken', `${host}:${asked}; ${why}`);
    }
    const first = asked === 0 ? 0 : standard;
    for (let step = 0; step < TRIES; step++) {
      const port = await take(host, first === 0 ? 0 : first + step);
      if (port !== null) return port;
    }
    throw new KenalError('port_taken', `${host}: none of ${TRIES} ports from ${first} on is free`);
  };
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
