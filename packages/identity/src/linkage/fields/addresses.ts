/** Words of streets and their common short forms, the long form first. */
const WORDS =
  'street st str|road rd|avenue ave av|lane ln|drive dr drv|court ct crt|place pl|square sq|crescent cres cr|terrace tce ter|close cl|boulevard blvd|parade pde|highway hwy|circuit cct|grove gr|gardens gdns|apartment apt|unit u|north n|south s|east e|west w|jalan jl jln|strasse|saint snt|mount mt|floor fl|building bldg|suite ste';

const longOf = new Map(
  WORDS.split('|').flatMap((line) => {
    const [long = '', ...short] = line.split(' ');
    return short.map((word) => [word, long] as const);
  }),
);

/** `12 oak st` → `12 oak street`; `hauptstr` → `hauptstrasse`. @param folded text of `fold` */
export function foldStreet(folded: string): string | null {
  const words = folded.split(' ').map((word, i) => {
    const long = i > 0 ? longOf.get(word) : undefined;
    return long ?? (word.length > 5 && word.endsWith('str') ? `${word}asse` : word);
  });
  const text = words.join(' ');
  return text === '' || /^[0 ]*$/.test(text) ? null : text;
}
