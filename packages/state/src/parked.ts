import type { ParkedLeaf } from '@kenal/contracts';

/** First character of the pointer record of a parked leaf; no component id begins with it (`checkCommit`). */
export const MARK = '^';

/**
 * A parked leaf as the record that else holds a component id, e.g. `^12 user_id:u-42l|…`: the length of the centre in
 * UTF-16 units, the centre, the evidence. Equal leaves have equal records.
 */
export function encodeParked({ centre, text }: ParkedLeaf): string {
  return `${MARK}${centre.length} ${centre}${text}`;
}

export function isParked(record: string): boolean {
  return record.startsWith(MARK);
}

/** @param record one that {@link isParked} */
export function decodeParked(record: string): ParkedLeaf {
  const space = record.indexOf(' ');
  const begin = space + 1;
  const end = begin + Number(record.slice(MARK.length, space));
  return { centre: record.slice(begin, end), text: record.slice(end) };
}
