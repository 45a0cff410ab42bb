import { createHmac, createSign, type KeyObject } from 'node:crypto';
import type { HttpRequest } from './load.ts';

/** What vendors call a source's hook with, signed before the clock starts. */
export interface VendorRequests {
  /** @param n the `n`th request, with ids of its own */
  make(n: number): HttpRequest;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const seconds = (): string => String(Math.floor(Date.now() / 1_000));
/** Of lines a letter long enough that all of them are `bytes`. */
const filling = (bytes: number): string =>
  'What came of it all in the end. '.repeat(Math.ceil(bytes / 32)).slice(0, bytes);

/** `payment_intent.succeeded` of `bytes`, signed as https://docs.stripe.com/webhooks/signature */
export function stripeRequests(source: string, secret: string, bytes: number): VendorRequests {
  return {
    make(n) {
      const object = {
        ...{ id: `pi_${n}`, object: 'payment_intent', amount: 2_198, amount_received: 2_198, currency: 'eur' },
        ...{ customer: `cus_${n % 5_000}`, latest_charge: `ch_${n}`, receipt_email: `ann${n % 5_000}@x.example` },
        ...{ payment_method_types: ['card'], status: 'succeeded', metadata: {}, description: '' },
      };
      const event = { id: `evt_${n}`, object: 'event', type: 'payment_intent.succeeded', created: Number(seconds()) };
      object.description = filling(bytes - JSON.stringify({ ...event, data: { object } }).length);
      const body = JSON.stringify({ ...event, data: { object } });
      const at = seconds();
      const v1 = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
      return post(source, { ...JSON_TYPE, 'stripe-signature': `t=${at},v1=${v1}` }, body, 1);
    },
  };
}

/** Batches of delivered, opened and clicked, signed as the Event Webhook is. */
export function sendgridRequests(source: string, key: KeyObject, events: number): VendorRequests {
  return {
    make(n) {
      const body = JSON.stringify(
        Array.from({ length: events }, (_, i) => ({
          ...{ email: `ann${(n * events + i) % 5_000}@x.example`, timestamp: Number(seconds()) },
          ...{ 'smtp-id': `<m${n}-${i}@shop.example>`, event: ['delivered', 'open', 'click'][i % 3] },
          ...{
            category: ['welcome'],
            sg_event_id: `e${n}-${i}`,
            sg_message_id: `s${n}-${i}.filter`,
            ip: '203.0.113.7',
          },
          ...{ url: 'https://shop.example/offer', useragent: 'Mozilla/5.0 (X11; Linux x86_64)' },
        })),
      );
      const at = seconds();
      const signature = createSign('sha256').update(at).update(body).sign(key, 'base64');
      const prefix = 'x-twilio-email-event-webhook';
      return post(
        source,
        { ...JSON_TYPE, [`${prefix}-timestamp`]: at, [`${prefix}-signature`]: signature },
        body,
        events,
      );
    },
  };
}

/** Files of Asterisk's Master.csv of `bytes`, each line the leg of a call of its own. */
export function asteriskRequests(source: string, writeKey: string, bytes: number): VendorRequests {
  return {
    make(n) {
      const lines: string[] = [];
      for (let size = 0, i = 0; ; i++) {
        const line = cdrLine(n * 1_000_000 + i);
        size += line.length;
        if (size > bytes) break;
        lines.push(line);
      }
      return post(source, { 'content-type': 'text/csv', 'x-write-key': writeKey }, lines.join(''), lines.length);
    },
  };
}

function cdrLine(call: number): string {
  const caller = `0207183${String(8_000 + (call % 2_000)).padStart(4, '0')}`;
  const times = '"2026-11-29 10:00:00","2026-11-29 10:00:09","2026-11-29 10:01:09",69,60,"ANSWERED","DOCUMENTATION"';
  const channels = `"PJSIP/provider-${call}","PJSIP/2002-${call}","Dial","PJSIP/2001&PJSIP/2002,30,t"`;
  return `"","${caller}","02033221100","from-trunk","""JANE DOE"" <${caller}>",${channels},${times},"1796032800.${call}",""\n`;
}

function post(source: string, headers: Readonly<Record<string, string>>, body: string, events: number): HttpRequest {
  const head = [
    `POST /v1/hooks/${source} HTTP/1.1`,
    'host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return { bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`), events };
}
