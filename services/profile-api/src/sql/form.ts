import { SqlFault } from './sql-fault.ts';

/**
 * Fields of a multipart form: `query`, `param_…` and settings may stand there as well as in the URL. (A body of type
 * `application/x-www-form-urlencoded` is no form, here as in ClickHouse: it is what curl says of any SQL.)
 * @returns null where the body is none; @throws SqlFault where it is broken, or brings tables of its own
 */
export async function readForm(contentType: string, body: Buffer): Promise<Record<string, string> | null> {
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) return null;
  const fields: Record<string, string> = Object.create(null);
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw SqlFault.of('BAD_ARGUMENTS', 'The body is no multipart form');
  }
  for (const [name, value] of form) {
    // Some clients send each field as a file
    if (typeof value === 'string') fields[name] = value;
    else if (name === 'query' || name.startsWith('param_')) fields[name] = await value.text();
    else throw SqlFault.refused('an external table in the form');
  }
  return fields;
}
