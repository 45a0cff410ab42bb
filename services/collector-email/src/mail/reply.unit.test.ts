import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cpuMs } from '../testing/cpu.ts';
import { splitReply } from './reply.ts';

fc.configureGlobal({ numRuns: Number(process.env.KENAL_PROPERTY_RUNS ?? 300) });

const QUOTE = '> We send it today.\n>\n> Help';

test.each([
  ['English', 'On Sun, 29 Nov 2026 at 09:00, Help <help@shop.example> wrote:'],
  ['English, no time', 'Help <help@shop.example> wrote:'],
  ['English, over three lines', 'On Sun, 29 Nov 2026 at 09:00,\nHelp of the shop\n<help@shop.example> wrote:'],
  ['German', 'Am So., 29. Nov. 2026 um 09:00 Uhr schrieb Help <help@shop.example>:'],
  ['German, of Apple Mail', 'Am 29.11.2026 um 09:00 schrieb Help <help@shop.example>:'],
  ['German, name first', 'Help <help@shop.example> schrieb am So., 29. Nov. 2026, 09:00:'],
  ['French', 'Le dim. 29 nov. 2026 à 09:00, Help <help@shop.example> a écrit :'],
  ['Spanish', 'El dom, 29 nov 2026 a las 9:00, Help (<help@shop.example>) escribió:'],
  ['Indonesian', 'Pada tanggal Min, 29 Nov 2026 pukul 09.00 Help <help@shop.example> menulis:'],
  ['Italian', 'Il giorno dom 29 nov 2026 alle ore 09:00 Help <help@shop.example> ha scritto:'],
  ['Portuguese', 'Em dom., 29 de nov. de 2026 às 09:00, Help <help@shop.example> escreveu:'],
  ['Dutch', 'Op zo 29 nov 2026 om 09:00 schreef Help <help@shop.example>:'],
])('what is quoted under a heading in %s is apart from the answer', (_language, heading) => {
  const { text, quoted } = splitReply(`It is late.\n\n${heading}\n\n${QUOTE}\n`);
  expect(text).toBe('It is late.');
  expect(quoted).toContain('We send it today.');
});

test.each([
  ['English', 'From: Help <help@shop.example>\nSent: Sunday, 29 November 2026 09:00\nTo: Ann\nSubject: Order'],
  ['German', 'Von: Help <help@shop.example>\nGesendet: Sonntag, 29. November 2026 09:00\nAn: Ann\nBetreff: Order'],
  ['French', 'De : Help <help@shop.example>\nEnvoyé : dimanche 29 novembre 2026 09:00\nÀ : Ann\nObjet : Order'],
  ['Spanish', 'De: Help <help@shop.example>\nEnviado el: domingo, 29 de noviembre\nPara: Ann\nAsunto: Order'],
  ['Indonesian', 'Dari: Help <help@shop.example>\nDikirim: Minggu, 29 November 2026\nKepada: Ann\nSubjek: Order'],
  ['bold', '*From:* Help <help@shop.example>\n*Sent:* Sunday\n*To:* Ann\n*Subject:* Order'],
])('what stands under the headers of Outlook, %s, is quoted to the end', (_language, block) => {
  for (const rule of [
    '',
    '________________________________\n',
    '-----Original Message-----\n',
    '-----Ursprüngliche Nachricht-----\n',
  ]) {
    const { text, quoted } = splitReply(
      `It is late.\r\n\r\n${rule}${block}\n\nWe send it today.\n> and what was before`,
    );
    expect(text).toBe('It is late.');
    expect(quoted).toContain('We send it today.');
  }
});

test.each([
  ['below', 'On Sun, 29 Nov 2026, Help wrote:\n> We send it today.\n\nIt is late.', 'It is late.'],
  ['between', '> Was it sent?\nNo.\n> Will it be?\nI hope so.', 'No.\nI hope so.'],
  ['without a heading', 'It is late.\n> We send it today.', 'It is late.'],
  ['no words of its own', '> We send it today.', ''],
])('an answer that stands %s what it quotes is whole', (_where, source, text) => {
  expect(splitReply(source).text).toBe(text);
});

test.each([
  'She wrote three things:\n- tea\n- milk',
  'I was on holiday. He wrote: nothing.',
  'From: Leeds\nI want it by Monday.',
  'On Monday I called, and they said:\nwe know nothing.',
  'Amounts:\n-----\n5 pounds',
])('%j is no quotation', (source) => {
  expect(splitReply(source)).toMatchObject({ text: source, quoted: null });
});

test('a signature is apart, and long text is cut and says so', () => {
  expect(splitReply('It is late.\n-- \nAnn Lee\nLeeds')).toMatchObject({
    text: 'It is late.',
    signature: 'Ann Lee\nLeeds',
  });
  const long = splitReply('a'.repeat(9_000));
  expect([long.text.length, long.truncated]).toEqual([8_000, true]);
});

test('whatever is written, it takes no longer than its length, and no text is invented', async () => {
  const piece = fc.constantFrom(
    '>',
    'On 1 ',
    'wrote:',
    '\n',
    '-----',
    'From: ',
    'Sent: ',
    ' ',
    'a@b',
    ':',
    '\r',
    '-- ',
    '\ud800',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 400 }), (pieces) => {
      const source = pieces.join('');
      const { text, quoted } = splitReply(source);
      expect(text.length + (quoted?.length ?? 0)).toBeLessThanOrEqual(source.length + 2);
    }),
  );
  for (const hostile of [
    'On 1 wrote: ',
    'From: \n',
    '-',
    'On 1\n',
    '>\n',
    'a wrote 1 @ ',
    '\n',
    '\t ',
    '-----Original Message',
  ]) {
    const source = hostile.repeat(Math.ceil(1_000_000 / hostile.length));
    expect(await cpuMs(() => splitReply(source))).toBeLessThan(500);
  }
});
