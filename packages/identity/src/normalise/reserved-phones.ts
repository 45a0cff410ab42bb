/**
 * Numbers that regulators keep free for films, adverts and documentation: they ring nowhere, so they join nobody.
 * E.164 without the plus; `#` is any digit. Sources: NANPA (555-01xx), Ofcom "numbers for drama use", ACMA "numbers for
 * use in creative works", Bundesnetzagentur "Drama-Nummern", ARCEP decision 2012-0855.
 */
const RESERVED = [
  '1###55501##',
  ...['113496', '114496', '115496', '116496', '117496', '118496', '121496', '131496', '141496', '151496', '161496'].map(
    (area) => `44${area}0###`,
  ),
  '441914980###',
  '442079460###',
  '442896496###',
  '442920180###',
  '441632960###',
  '447700900###',
  '448081570###',
  '449098790###',
  '443069990###',
  ...['2', '3', '7', '8'].flatMap((area) => [`61${area}5550####`, `61${area}7010####`]),
  '61491570006',
  '6149157015#',
  '61491570110',
  '61491570313',
  '61491570737',
  '493023125###',
  '496990009###',
  '494066969###',
  '492214710###',
  '498999998###',
  '4915228817386',
  '4915228895456',
  '4915228867###',
  '4917139200##',
  '331990000##',
  ...['19900', '26191', '35301', '46571', '53649', '63998'].map((start) => `33${start}####`),
].map((pattern) => `^${pattern.replaceAll('#', '\\d')}$`);

const ANY = new RegExp(RESERVED.join('|'));

/** @param e164 with the plus: `+12015550123` */
export function isReservedPhone(e164: string): boolean {
  return ANY.test(e164.slice(1));
}
