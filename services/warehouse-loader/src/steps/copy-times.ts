import type { Interaction } from '@kenal/contracts';
import { evidenceTime } from '@kenal/identity';
import { type Column, columnsOf, createRowEncoder } from '@kenal/warehouse';

const { text, word } = columnsOf<Interaction>();

const moment = (name: string, fold: 'min' | 'max'): Column<Interaction> => ({
  name,
  type: `SimpleAggregateFunction(${fold}, DateTime64(6, 'UTC'))`,
  write: (writer, interaction) => writer.int64(evidenceTime(interaction)),
});

/** Rows of `kenal.copy_times`: the table folds them. */
export const copyTimeRows = createRowEncoder<Interaction>([
  word('workspace', ({ workspace }) => workspace),
  word('source', ({ source }) => source),
  text('message_id', ({ id }) => id),
  moment('first_at', 'min'),
  moment('last_at', 'max'),
]);

/** Whether the time that evidence orders by is that of this copy's arrival, so that others may have another. */
export function dependsOnCopy(interaction: Interaction): boolean {
  return evidenceTime(interaction) !== interaction.clientAt;
}
