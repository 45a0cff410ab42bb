import type { Warehouse } from '@kenal/warehouse';

/** A question about all customers may take long. */
export const PATIENT = { max_execution_time: 1_800, max_memory_usage: String(4 * 1024 ** 3) };

export interface Question {
  readonly workspace: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** The rows of a question as RowBinary, whole. */
export async function readBytes(
  warehouse: Warehouse,
  sql: string,
  { workspace, params = {}, signal }: Question,
): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await warehouse.raw(sql, { workspace, params, signal, settings: PATIENT, format: 'RowBinary' });
  const chunks: Uint8Array[] = await answer.stream.toArray();
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
