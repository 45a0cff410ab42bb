import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import type { LoadResult } from './load.ts';

export interface SmtpLoadOptions {
  /** `smtp://127.0.0.1:2525` */
  readonly url: string;
  readonly connections: number;
  readonly recipient: string;
  /** The next mail with its ending dot, or null where the load ends. */
  readonly next: () => Buffer | null;
}

/** One address may send 300 mails a minute: every so many, a connection ends and another comes from elsewhere. */
const MAILS_AN_ADDRESS = 250;
let address = 0;

/** Mails over so many connections, one at a time on each, four round trips a mail as most servers do it. */
export async function runSmtpLoad({ url, connections, recipient, next }: SmtpLoadOptions): Promise<LoadResult> {
  const { hostname, port } = new URL(url);
  const waits: number[] = [];
  let refused = 0;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    for (;;) {
      const say = await connect(hostname, Number(port));
      for (let sent = 0; sent < MAILS_AN_ADDRESS; sent++) {
        const mail = next();
        if (mail === null) return say.end();
        const start = performance.now();
        await say('MAIL FROM:<ann@x.example>\r\n');
        await say(`RCPT TO:<${recipient}>\r\n`);
        await say('DATA\r\n');
        if (!(await say(mail)).startsWith('250')) refused++;
        waits.push(performance.now() - start);
      }
      say.end();
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  const events = waits.length - refused;
  return { requests: waits.length, events, refused, seconds: (performance.now() - began) / 1_000, waits };
}

interface Say {
  (text: string | Buffer): Promise<string>;
  end(): void;
}

async function connect(host: string, port: number): Promise<Say> {
  address++;
  const localAddress = `127.1.${address >> 8}.${address & 255 || 1}`;
  const socket = createConnection({ host, port, localAddress, noDelay: true });
  const reply = createReplies(socket);
  await reply();
  const say = (text: string | Buffer): Promise<string> => {
    socket.write(text);
    return reply();
  };
  await say('EHLO bench.example\r\n');
  return Object.assign(say, { end: () => void socket.destroy() });
}

/** @returns a function that resolves with the last line of the next reply: `250 OK` */
function createReplies(socket: Socket): () => Promise<string> {
  let text = '';
  socket.setEncoding('latin1');
  return async () => {
    for (;;) {
      const last = /^\d{3} .*\r\n/m.exec(text);
      if (last !== null) {
        text = text.slice(last.index + last[0].length);
        return last[0];
      }
      const [chunk] = (await once(socket, 'data')) as [string];
      text += chunk;
    }
  };
}
