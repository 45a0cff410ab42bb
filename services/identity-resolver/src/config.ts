import { adapterEnvironment } from '@kenal/service-kit';

/** The variables that this service reads. */
export const environmentSchema = adapterEnvironment;
