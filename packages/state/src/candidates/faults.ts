import { faultsOf } from '@kenal/storage-kit';

export const faults = faultsOf('candidate index');
