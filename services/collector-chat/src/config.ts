import { collectorEnvironment } from '@kenal/collector-kit';

export const DEFAULT_PORT = 8084;

/** The variables that this service reads. */
export const environmentSchema = collectorEnvironment;
