import { DEFAULT_PORT } from '@kenal/profile-api';
import { connect } from './connect.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** @param asked KENAL_PORT @param url of the instance, where one is known */
export async function checkPort(asked: string | undefined, url: string | undefined): Promise<Finding> {
  const port = Number(asked || DEFAULT_PORT);
  if ((await connect('127.0.0.1', port)) !== null) return ok('port', `${port} is free`);
  if (url !== undefined && Number(new URL(url).port) === port) return ok('port', `${port} is Kenal’s own`);
  const detail = `${port} is taken by something else`;
  if (asked) return fail('port', detail, 'stop that, or set KENAL_PORT to another');
  return warn('port', detail, 'Kenal takes the next free one');
}
