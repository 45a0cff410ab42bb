import type { Source } from '@kenal/collector-kit';
import type { Micros } from '@kenal/contracts';
import type { Envelope } from './mail.ts';

/** Where and when a mail came in. */
export interface Arrival {
  readonly source: Source;
  readonly envelope: Envelope;
  readonly receivedAt: Micros;
}
