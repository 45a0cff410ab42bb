/**
 * What vendors and mail servers bring: each collector alone, as a process of its own, on the embedded log. Nobody reads
 * the log meanwhile. Requests are made and signed before the clock starts.
 *   node test/bench/collectors.bench.ts [share]
 * `share` of the usual amounts, 0.1 for a look. core-µs = CPU time of the collector's process, all threads, over events.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashKey } from '@kenal/service-kit';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { type LoadResult, runLoad } from './load.ts';
import { percentiles, plain, quiet, report, serverProcesses, shown, startMeter, type Usage } from './measure.ts';
import { runSmtpLoad } from './smtp-load.ts';
import { asteriskRequests, sendgridRequests, stripeRequests, type VendorRequests } from './vendor-requests.ts';

const SHARE = Number(process.argv[2] ?? 1);
const SECRET = 'whsec_of-the-bench';
const KEY = 'kw_of-the-bench';
const MAIL_BYTES = 4_096;
const WARM = 0.1;
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const ENVIRONMENT = { SECRET, VERIFICATION: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };

interface Urls {
  readonly http: string;
  readonly smtp: string;
}

interface Case {
  readonly name: string;
  /** What is counted: `mails`. */
  readonly unit: string;
  readonly service: string;
  /** One source of kenal.yaml. */
  readonly source: object;
  /** How many requests, uploads or mails. */
  readonly count: number;
  readonly load: (urls: Urls, from: number, count: number) => Promise<LoadResult>;
}

const CASES: readonly Case[] = [
  {
    name: 'mails of 4 KB by SMTP, 16 connections',
    unit: 'mails',
    service: 'collector-email',
    source: { id: 'it', kind: 'smtp', keys: [{ key: hashKey(KEY), scope: 'secret' }], own: ['shop.example'] },
    count: 6_000,
    load: ({ smtp }, from, count) => {
      const mails = inTurn(Array.from({ length: count }, (_, n) => mailOf(from + n)));
      return runSmtpLoad({ url: smtp, connections: 16, recipient: `${KEY}@in.shop.example`, next: mails });
    },
  },
  {
    name: 'webhooks of 2 KB with a signature (Stripe), 16 connections',
    unit: 'webhooks',
    service: 'collector-commerce',
    source: { id: 'it', kind: 'stripe', secrets: ['env:SECRET'] },
    count: 25_000,
    load: webhooks(stripeRequests('stripe/bench/it', SECRET, 2_048), 16),
  },
  {
    name: 'events in signed batches of 100 (SendGrid), 4 connections',
    unit: 'events',
    service: 'collector-email',
    source: { id: 'it', kind: 'sendgrid-events', secrets: ['env:VERIFICATION'] },
    count: 1_000,
    load: webhooks(sendgridRequests('sendgrid-events/bench/it', privateKey, 100), 4),
  },
  {
    name: 'lines of call detail records (Asterisk), uploads of 2 MB one after the other',
    unit: 'lines',
    service: 'collector-phone',
    source: { id: 'it', kind: 'asterisk', keys: [{ key: hashKey(KEY), scope: 'secret' }], own: ['+442033221100'] },
    count: 20,
    // Some 8,000 lines; an upload has 10,000 at most
    load: webhooks(asteriskRequests('asterisk/bench/it', KEY, 2 * 1024 * 1024), 1),
  },
];

const folder = mkdtempSync(join(tmpdir(), 'kenal-bench-'));
try {
  for (const [place, one] of CASES.entries()) await measure(one, join(folder, String(place)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(one: Case, dataDir: string): Promise<void> {
  const config = `${dataDir}.yaml`;
  const sources = [{ eventsPerSecond: 10_000_000, ...one.source }];
  writeFileSync(config, JSON.stringify({ workspaces: [{ id: 'bench', region: 'GB', sources }] }));
  const [port, smtpPort] = [await freePort(), await freePort()];
  const program = fileURLToPath(import.meta.resolve(`../../services/${one.service}/src/main.ts`));
  const variables = {
    KENAL_DATA: dataDir,
    KENAL_CONFIG: config,
    KENAL_PORT: `${port}`,
    KENAL_SMTP_PORT: `${smtpPort}`,
  };
  const collector = startProcess(one.service, [program], { ...variables, ...ENVIRONMENT });
  try {
    await collector.seen(/"listening"/);
    const urls = { http: `http://127.0.0.1:${port}`, smtp: `smtp://127.0.0.1:${smtpPort}` };
    const count = Math.max(1, Math.round(one.count * SHARE));
    const warm = Math.max(1, Math.round(count * WARM));
    const warmed = await one.load(urls, 0, warm);
    await quiet();
    const stop = startMeter(serverProcesses());
    const result = await one.load(urls, warm, count);
    const usage = stop();
    await taken(urls, warmed.events + result.events);
    describe(one, result, usage);
  } finally {
    await collector.stop();
  }
}

/** That a vendor is answered with 200 says that what it sent is durable, not that it could be read. */
async function taken({ http }: Urls, events: number): Promise<void> {
  const text = await (await fetch(`${http}/metrics`)).text();
  const [, accepted] = /^kenal_collector_events_total\{.*outcome="accepted".*\} (\d+)/m.exec(text) ?? [];
  if (Number(accepted) !== events) throw new Error(`${accepted} of ${events} could be read`);
}

function describe(one: Case, { events, refused, seconds, waits }: LoadResult, usage: Usage): void {
  if (refused > 0) throw new Error(`${one.name}: ${refused} were not taken`);
  const micros = (usage.micros.get(one.service) ?? 0) / events;
  const load = (usage.micros.get('load') ?? 0) / events;
  report({
    ...{ measure: one.name, value: events / seconds, unit: `${one.unit}/s` },
    detail: `${plain(events)}, ${shown(percentiles(waits))} a request, load generator ${plain(load)} core-µs, ${usage.noise}`,
  });
  report({ measure: `${one.name}: cost`, value: micros, unit: `core-µs/${one.unit.slice(0, -1)}` });
  report({ measure: `${one.name}: of one core`, value: 1e6 / micros, unit: `${one.unit}/s` });
}

function webhooks(requests: VendorRequests, connections: number): Case['load'] {
  return ({ http }, from, count) => {
    const made = Array.from({ length: count }, (_, n) => requests.make(from + n));
    return runLoad({ url: http, connections, next: inTurn(made) });
  };
}

function inTurn<T>(list: readonly T[]): () => T | null {
  let at = 0;
  return () => list[at++] ?? null;
}

/** A letter of MAIL_BYTES with the dot that ends it. */
function mailOf(n: number): Buffer {
  const person = `ann${n % 5_000}@x.example`;
  const head = [
    `From: Ann Lee <${person}>`,
    'To: Help <help@shop.example>',
    `Message-ID: <m${n}@x.example>`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'Subject: Where is my order?',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ].join('\r\n');
  const line = 'I have been waiting for my kettle since Monday, and nobody tells me anything.\r\n';
  return Buffer.from(`${head}\r\n\r\n${line.repeat(Math.floor((MAIL_BYTES - head.length) / line.length))}.\r\n`);
}
