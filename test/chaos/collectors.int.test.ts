import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Interaction } from '@kenal/contracts';
import { openEventLog } from '@kenal/event-log';
import { hashKey } from '@kenal/service-kit';
import { createTransport } from 'nodemailer';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { startProcess, type TestProcess } from '../support/process.ts';
import { readTopic } from '../support/read-topic.ts';

const SECRET = 'a-secret-of-the-vendor';
const KEY = 'mailbox-key-0123456789';
const DELIVERIES = 240;
const KILLS = 3;
const SIDE_BY_SIDE = 6;

interface Call {
  /** `kind` of the source. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A vendor as the test plays it: the `n`th delivery, signed at the time at which it is sent. */
interface Vendor {
  readonly service: string;
  readonly source: object;
  /** Sends it once. @returns HTTP's or SMTP's code; null where the connection broke */
  readonly send: (n: number, at: Addresses) => Promise<number | null>;
}

interface Addresses {
  readonly url: string;
  readonly smtpPort: number;
}

/** A vendor that calls a webhook. */
const byHttp =
  (call: (n: number) => Call): Vendor['send'] =>
  async (n, { url }) => {
    const { path, headers, body } = call(n);
    const reply = await fetch(`${url}/v1/hooks/${path}/shop/vendor`, { method: 'POST', headers, body }).catch(
      () => null,
    );
    await reply?.arrayBuffer().catch(() => null);
    return reply?.status ?? null;
  };

/** A mail server, which keeps a mail until it is taken with 250. */
const bySmtp: Vendor['send'] = async (n, { smtpPort }) => {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ignoreTLS: true, connectionTimeout: 5_000 });
  const mail = {
    from: 'ann@x.example',
    to: `in+${KEY}@shop.example`,
    messageId: `<${mark(n)}@x.example>`,
    subject: mark(n),
  };
  try {
    const { response } = await transport.sendMail({ ...mail, text: mark(n) });
    return Number(response.slice(0, 3));
  } catch (error) {
    return (error as { responseCode?: number }).responseCode ?? null;
  } finally {
    transport.close();
  }
};

const hmac = (text: string, hash = 'sha256') => createHmac(hash, SECRET).update(text);
const now = (): number => Math.floor(Date.now() / 1_000);
const BASIC = `Basic ${Buffer.from(`user:${SECRET}`).toString('base64')}`;
/** Found again in the interaction, whatever its mapping makes of it. */
const mark = (n: number): string => `mark${String(n).padStart(6, '0')}`;

const VENDORS: Readonly<Record<string, Vendor>> = {
  stripe: {
    service: 'collector-commerce',
    source: { kind: 'stripe', secrets: ['env:SECRET'] },
    send: byHttp((n) => {
      const object = {
        id: `pi_${mark(n)}`,
        object: 'payment_intent',
        amount: 500,
        amount_received: 500,
        currency: 'eur',
      };
      const event = {
        id: `evt_${mark(n)}`,
        object: 'event',
        type: 'payment_intent.succeeded',
        created: now(),
        data: { object },
      };
      const body = JSON.stringify(event);
      const at = now();
      return {
        path: 'stripe',
        body,
        headers: { 'stripe-signature': `t=${at},v1=${hmac(`${at}.${body}`).digest('hex')}` },
      };
    }),
  },
  twilio: {
    service: 'collector-phone',
    source: { kind: 'twilio', secrets: ['env:SECRET'], publicUrl: 'https://hooks.example.com' },
    send: byHttp((n) => {
      const form = {
        CallSid: `CA${mark(n)}`,
        CallStatus: 'completed',
        Direction: 'inbound',
        From: '+442079460018',
        To: '+442079460000',
      };
      const signed = Object.entries({ ...form, CallDuration: '7' })
        .sort()
        .map(([key, value]) => key + value)
        .join('');
      const url = 'https://hooks.example.com/v1/hooks/twilio/shop/vendor';
      const headers = {
        'x-twilio-signature': hmac(url + signed, 'sha1').digest('base64'),
        'content-type': 'application/x-www-form-urlencoded',
      };
      return { path: 'twilio', headers, body: new URLSearchParams({ ...form, CallDuration: '7' }).toString() };
    }),
  },
  slack: {
    service: 'collector-chat',
    source: { kind: 'slack', secrets: ['env:SECRET'] },
    send: byHttp((n) => {
      const event = {
        type: 'message',
        channel: 'C1',
        channel_type: 'im',
        user: 'U1',
        text: mark(n),
        ts: `17643${String(n).padStart(5, '0')}.000100`,
      };
      const body = JSON.stringify({
        type: 'event_callback',
        team_id: 'T1',
        event_id: `Ev${mark(n)}`,
        event_time: now(),
        event,
      });
      const at = now();
      return {
        path: 'slack',
        body,
        headers: {
          'x-slack-signature': `v0=${hmac(`v0:${at}:${body}`).digest('hex')}`,
          'x-slack-request-timestamp': String(at),
        },
      };
    }),
  },
  postmark: {
    service: 'collector-email',
    source: { kind: 'postmark', secrets: ['env:BASIC'], own: ['shop.example'] },
    send: byHttp((n) => {
      const body = JSON.stringify({
        ...{ From: 'ann@x.example', FromFull: { Email: 'ann@x.example', Name: 'Ann' }, To: 'help@shop.example' },
        ...{
          ToFull: [{ Email: 'help@shop.example', Name: '' }],
          CcFull: [],
          BccFull: [],
          Subject: mark(n),
          TextBody: mark(n),
        },
        ...{ MessageID: mark(n), Date: new Date().toUTCString(), Attachments: [], MailboxHash: '' },
        Headers: [{ Name: 'Message-ID', Value: `<${mark(n)}@x.example>` }],
      });
      return { path: 'postmark', body, headers: { authorization: BASIC } };
    }),
  },
  smtp: {
    service: 'collector-email',
    source: { kind: 'smtp', keys: [{ key: hashKey(KEY) }], own: ['shop.example'] },
    send: bySmtp,
  },
};

interface Running extends Addresses {
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** A collector as a process of its own on the embedded log; killed, it is started again on the same port. */
async function startCollector(service: string, dataDir: string, config: string): Promise<Running> {
  const [port, smtpPort] = [await freePort(), await freePort()];
  const program = fileURLToPath(import.meta.resolve(`../../services/${service}/src/main.ts`));
  const environment = {
    KENAL_DATA: dataDir,
    KENAL_CONFIG: config,
    KENAL_PORT: String(port),
    KENAL_SMTP_PORT: String(smtpPort),
    SECRET,
    BASIC: `user:${SECRET}`,
  };
  const start = async (): Promise<TestProcess> => {
    const started = startProcess(service, [program], environment);
    await started.seen(/"listening"/);
    return started;
  };
  let running = await start();
  return {
    url: `http://127.0.0.1:${port}`,
    smtpPort,
    async kill() {
      await running.kill();
      running = await start();
    },
    stop: async () => void (await running.stop()),
  };
}

test.each(Object.entries(VENDORS))(
  '%s: through kill −9 under load no delivery that was answered with 200 is missing, and the vendor’s retries double none',
  async (_name, { service, source, send: sendOnce }) => {
    const dataDir = mkdtempSync(join(tmpdir(), `kenal-${service}-`));
    const config = join(dataDir, 'kenal.yaml');
    writeFileSync(
      config,
      JSON.stringify({ workspaces: [{ id: 'shop', region: 'GB', sources: [{ id: 'vendor', ...source }] }] }),
    );
    const collector = await startCollector(service, dataDir, config);
    let next = 0;
    let answered = 0;
    let tries = 0;

    /** As a vendor does: again until it is answered with 200. */
    async function deliver(n: number): Promise<void> {
      for (;;) {
        tries++;
        const code = await sendOnce(n, collector);
        if (code === 200 || code === 250) {
          answered++;
          return;
        }
        if (code !== null && code < 500 && code !== 421 && code !== 451) throw new Error(`answered ${code}`);
        await sleep(20);
      }
    }
    async function send(): Promise<void> {
      while (next < DELIVERIES) await deliver(next++);
    }
    async function killNowAndThen(): Promise<void> {
      for (let kill = 1; kill <= KILLS; kill++) {
        while (answered < (DELIVERIES * kill) / (KILLS + 1)) await sleep(2);
        await collector.kill();
      }
    }
    await Promise.all([killNowAndThen(), ...Array.from({ length: SIDE_BY_SIDE }, send)]);
    await collector.stop();

    const log = await openEventLog({ dataDir, clientId: 'test' });
    const interactions = await readTopic<Interaction>(log, 'interactions');
    const failed = await readTopic<{ reason: string }>(log, 'failed');
    await log.close();
    expect(failed.map(({ reason }) => reason)).toEqual([]);
    const marks = interactions.map((one) => /mark\d{6}/.exec(JSON.stringify(one))?.[0]);
    expect([...new Set(marks)].sort()).toEqual(Array.from({ length: DELIVERIES }, (_, n) => mark(n)));
    const ids = new Set(interactions.map(({ id }) => id));
    expect(ids.size).toBe(new Set(interactions.map(({ id }, i) => `${id} ${marks[i]}`)).size);
    expect(ids.size % DELIVERIES).toBe(0); // so many events each, whatever was sent how often
    expect(tries).toBeGreaterThan(DELIVERIES);
    rmSync(dataDir, { recursive: true, force: true });
  },
);
