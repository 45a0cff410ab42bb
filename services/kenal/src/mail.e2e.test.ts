import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { hashKey } from '@kenal/service-kit';
import { expect, test } from 'vitest';
import { migratedDirectory } from '../../../test/support/migrated-directory.ts';
import { readEndpoints } from './client/endpoints.ts';
import { kenalHere, up } from './testing/cli.ts';

const YAML = `
workspaces:
  - id: shop
    readKeys: ['${hashKey('analyst')}']
    sources:
      - { id: inbox, kind: smtp, own: [shop.example], keys: [{ key: '${hashKey('own-key')}' }] }
`;

/** Says the lines one after the other, each after the answer to the one before. @returns the answers */
async function dialogue(url: string, lines: readonly string[]): Promise<readonly string[]> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const answers: string[] = [];
  const next = async (): Promise<void> => {
    let text = '';
    while (!/^\d{3} .*\r\n$/m.test(text)) text += String((await once(socket, 'data'))[0]);
    answers.push(text.slice(0, 3));
  };
  await next();
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    await next();
  }
  socket.destroy();
  return answers;
}

test('mail to a running Kenal, where a source takes mail, is in the timeline of its author', async () => {
  const dataDir = await migratedDirectory();
  const config = join(dataDir, 'kenal.yaml');
  writeFileSync(config, YAML);
  const running = await up(dataDir, { KENAL_CONFIG: config, KENAL_SMTP_PORT: '0' });
  try {
    const { smtpUrl, url, writeKey, workspaces } = readEndpoints(dataDir)!;
    const keys = ['own-key', workspaces.shop?.sources.inbox];
    for (const [n, key] of keys.entries()) {
      const mail = `From: Ann <ann@x.example>\r\nTo: help@shop.example\r\nMessage-ID: <m${n}@x>\r\n\r\nhello\r\n.`;
      const lines = ['EHLO there', 'MAIL FROM:<ann@x.example>', `RCPT TO:<any+${key}@shop.example>`, 'DATA', mail];
      expect(await dialogue(smtpUrl ?? '', lines)).toEqual(['220', '250', '250', '250', '354', '250']);
    }
    await fetch(`${url}/v1/settled?wait=60`, { headers: { 'x-write-key': writeKey } });
    const rows = await kenalHere(dataDir, [
      'sql',
      "SELECT channel, direction, name, count() FROM interactions WHERE profile_id = (SELECT profile_id FROM profile_identifiers WHERE type = 'email' AND value = 'ann@x.example') GROUP BY ALL FORMAT TSV",
    ]);
    expect(rows.stdout.trim()).toBe('email\tinbound\tEmail Received\t2');
    const { stdout } = await kenalHere(dataDir, ['sources', 'ls']);
    expect(stdout).toMatch(new RegExp(`^inbox +smtp +email +on +this machine +${smtpUrl} +mail to <write key>@`, 'm'));
    const [last] = JSON.parse((await kenalHere(dataDir, ['sources', 'deliveries', 'inbox', '--json'])).stdout);
    expect(last).toMatchObject({ signature: 'none', outcome: 'accepted', messageIds: ['m1@x'] });
  } finally {
    await running.stop();
  }
});
