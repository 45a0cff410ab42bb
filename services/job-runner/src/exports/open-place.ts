import { KenalError } from '@kenal/errors';
import type { DeclaredExport } from '@kenal/service-kit';
import type { ResolveHost } from '../outgoing/resolve-host.ts';
import { openFolder } from './folder-place.ts';
import type { Place } from './place.ts';
import { createS3Client } from './s3-client.ts';
import { openBucket } from './s3-place.ts';

export interface OpenPlaceOptions {
  readonly base: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly resolve: ResolveHost;
}

const FROM = 'env:';

/** @throws KenalError `forbidden` of a folder that leads elsewhere, `bad_config` of credentials that are not set */
export function createOpenPlace({ base, environment, resolve }: OpenPlaceOptions) {
  function read(reference: string): string {
    const name = reference.slice(FROM.length);
    const value = environment[name];
    if (value === undefined || value === '')
      throw new KenalError('bad_config', `${name} is not set where job-runner runs, and the export needs it`);
    return value;
  }

  return async function openPlace(wanted: DeclaredExport, signal: AbortSignal): Promise<Place> {
    const { to, name, workspace, allowsPrivate } = wanted;
    if (to.s3 === undefined) return openFolder(base, workspace, to.folder ?? name);
    const { accessKeyId, secretAccessKey } = to.s3;
    const credentials = { accessKeyId: read(accessKeyId), secretAccessKey: read(secretAccessKey) };
    return openBucket(to.s3, createS3Client({ place: to.s3, credentials, allowsPrivate, resolve, signal }));
  };
}
