import { collectorEmailEnvironment } from '@kenal/collector-email';
import { collectorWebEnvironment } from '@kenal/collector-web';
import { profileApiEnvironment } from '@kenal/profile-api';
import { parseEnvironment } from '@kenal/service-kit';
import { z } from 'zod';

/** One process that holds all services reads what each of them does. */
const schema = profileApiEnvironment.extend({
  ...collectorWebEnvironment.shape,
  ...collectorEmailEnvironment.shape,
  KENAL_DEMO: z.enum(['on', 'off']).optional().describe('off: no demo data; default: on where there is no kenal.yaml'),
});

export type UpEnvironment = z.infer<typeof schema>;

/** What `kenal up` reads from the environment; command line options win. @throws KenalError `bad_config` */
export function readUpEnvironment(variables: Readonly<Record<string, string | undefined>>): UpEnvironment {
  return parseEnvironment(schema, variables);
}
