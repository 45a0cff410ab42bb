import { expect, test } from 'vitest';
import { createCsvCells } from './csv-cells.ts';

function through(csv: string, size = csv.length): { text: string; lines: number } {
  const cells = createCsvCells();
  const bytes = Buffer.from(csv);
  const pieces: Buffer[] = [];
  for (let n = 0; n < bytes.length; n += size) pieces.push(cells.write(bytes.subarray(n, n + size)));
  pieces.push(cells.end());
  return { text: Buffer.concat(pieces).toString(), lines: cells.lines };
}

test.each([
  ['a formula', '"=1+1"', `"'=1+1"`],
  ['a call', '"@SUM(A1)"', `"'@SUM(A1)"`],
  ['a plus', '"+49 170 1"', `"'+49 170 1"`],
  ['a minus', '"-cmd"', `"'-cmd"`],
  ['a tab', '"\t=1"', `"'\t=1"`],
  ['a carriage return', '"\r=1"', `"'\r=1"`],
  ['a line feed', '"\n=1"', `"'\n=1"`],
  ['wide signs', '"＝1","＋1","－1","＠a"\n"＝"', `"'＝1","'＋1","'－1","'＠a"\n"'＝"`],
  ['wide characters that compute nothing', '"！a","Ａ","ｱ","﻿b","￥"', '"！a","Ａ","ｱ","﻿b","￥"'],
  ['text that is a negative number', '"-5","-0.25e-3"\n"-7"', '"-5","-0.25e-3"\n"-7"'],
  ['what only begins as one', '"-5+1","-5""","-","-1.","-5\n"', `"'-5+1","'-5""","'-","'-1.","'-5\n"`],
  ['what is too long for one', `"-${'1'.repeat(90)}"`, `"'-${'1'.repeat(90)}"`],
  ['a name of a column', '"=a","b"\n1,2', `"'=a","b"\n1,2`],
  ['the last cell of a line', '1,"=a"\n"=b",2\n', `1,"'=a"\n"'=b",2\n`],
  ['after a quoted quote', '"a""","=b"', `"a""","'=b"`],
  ['a quoted quote first', '"""=a"', '"""=a"'],
  ['a line end inside', '"a\n=b","-c"', `"a\n=b","'-c"`],
  ['numbers, NULL and bool', '-5,-0.5e3,+inf,-inf,\\N,true\n', '-5,-0.5e3,+inf,-inf,\\N,true\n'],
  ['an equals sign further in', '"a=1","b-c"', '"a=1","b-c"'],
  ['empty cells', '"","",\n,"="\n', `"","",\n,"'="\n`],
])('%s', (_what, csv, wanted) => {
  for (const size of [1, 2, 3, 1_000]) expect(through(csv, size).text).toBe(wanted);
});

test('lines are counted as records, whatever is quoted in them', () => {
  expect(through('"a"\n"x\ny"\n1\n').lines).toBe(3);
});

test('bytes that begin as a wide sign and are cut off stay as they are', () => {
  const bytes = Buffer.from([0x22, 0xef, 0x22, 0x2c, 0x22, 0xef, 0xbc, 0x22, 0x0a]); // "\xef","\xef\xbc"
  for (const size of [1, 2, 9]) {
    const cells = createCsvCells();
    const pieces: Buffer[] = [];
    for (let n = 0; n < bytes.length; n += size) pieces.push(cells.write(bytes.subarray(n, n + size)));
    expect(Buffer.concat([...pieces, cells.end()])).toEqual(bytes);
    expect(cells.lines).toBe(1);
  }
});
