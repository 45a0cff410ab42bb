import { opensBy } from '@kenal/service-kit';
import type { FastifySchema } from 'fastify';

const text = (description: string) => ({ type: 'string', description });

const QUERY = {
  type: 'object',
  properties: {
    query: text('SQL; where there is a body as well: this, a line feed, the body'),
    default_format: text('format of the answer where the statement has no FORMAT clause; default TabSeparated'),
    database: text('`kenal` is the only one'),
    query_id: text('comes back in X-ClickHouse-Query-Id'),
    user: text('any'),
    password: text('a read key'),
    enable_http_compression: text('0: not compressed, whatever Accept-Encoding takes'),
    compress: text('1: the answer in blocks of ClickHouse’s own compression'),
  },
  additionalProperties: {
    type: 'string',
    description: '`param_name` for each `{name:Type}`; harmless settings of ClickHouse; others are ignored',
  },
};

const SUMMARY = 'Ask SQL, read-only, in the form of ClickHouse’s own HTTP interface';
const DESCRIPTION =
  'One statement over the views of database `kenal`: SELECT, WITH, SHOW TABLES, SHOW DATABASES, SHOW COLUMNS, EXISTS, DESCRIBE, EXPLAIN. Answers ' +
  'carry X-ClickHouse-Query-Id, -Summary, -Format and -Timezone, errors X-ClickHouse-Exception-Code. The same handler ' +
  'answers at the root of the SQL port.';

/** What the API description says of the endpoint; nothing of it is checked by schema, ClickHouse’s clients send what they like. */
export function describeSql(method: 'GET' | 'POST'): FastifySchema {
  return {
    tags: ['sql'],
    operationId: method === 'GET' ? 'sqlGet' : 'sqlPost',
    summary: SUMMARY,
    description: DESCRIPTION,
    security: opensBy('sql'),
    querystring: QUERY,
    ...(method === 'POST'
      ? {
          consumes: ['text/plain'],
          body: { ...text('SQL'), examples: ['SELECT channel, count() FROM interactions GROUP BY channel'] },
        }
      : {}),
    produces: ['text/plain'],
    response: {
      200: text('The answer in its format, under the content type of that format'),
      400: text('The statement does not parse or fails: `Code: N. DB::Exception: …`'),
      401: text('The password is no read key'),
      403: text('The statement is not allowed here'),
      404: text('There is no such name'),
      408: text('It took longer than `sql.maxSeconds` of kenal.yaml, 10 seconds by default'),
    },
  };
}
