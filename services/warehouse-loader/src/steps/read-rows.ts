import type { Read } from '@kenal/contracts';
import { columnsOf, createRowEncoder, writeList } from '@kenal/warehouse';

const { text, word, moment, column } = columnsOf<Read>();

/** Rows of `kenal.read_rows`: one a read of somebody's data. */
export const readRows = createRowEncoder<Read>([
  word('workspace', ({ workspace }) => workspace),
  text('read_id', ({ id }) => id),
  moment('read_at', ({ at }) => at),
  word('reader', ({ reader }) => reader),
  word('action', ({ action }) => action),
  text('profile_id', ({ profileId }) => profileId),
  column('fields', 'Array(String)', (writer, { fields }) =>
    writeList(writer, fields, (_, field) => writer.text(field)),
  ),
]);
