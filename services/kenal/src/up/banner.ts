import type { Endpoints } from '../client/endpoints.ts';

const DEFAULT_DATA = '.kenal';

/** Three things to ask first. */
export const QUESTIONS: readonly (readonly [title: string, sql: string])[] = [
  [
    'Who are our best customers, over all channels?',
    "SELECT any(coalesce(nullIf(JSONExtractString(p.traits, 'name'), ''), tupleElement(p.identifiers[1], 'value'))) AS customer, count() AS orders, uniqExact(o.source) AS channels, sum(o.net) AS spent FROM orders AS o JOIN profiles AS p USING (profile_id) GROUP BY profile_id ORDER BY spent DESC LIMIT 10",
  ],
  [
    'How do people reach us?',
    "SELECT channel, count() AS interactions, uniqExactIf(profile_id, profile_id != '') AS people FROM interactions GROUP BY channel ORDER BY interactions DESC",
  ],
  [
    'Which people do we know by many names?',
    "SELECT profile_id, count() AS identifiers, groupArray(concat(type, ':', value)) AS known_as FROM profile_identifiers GROUP BY profile_id ORDER BY identifiers DESC LIMIT 5",
  ],
];

/** What a person is told once everything answers. */
export function banner(endpoints: Endpoints, dataDir: string, configPath: string | null): string {
  const { url, writeKey, readKey, sqlUrl, smtpUrl } = endpoints;
  const api = endpoints.apiUrl ?? url;
  // In another directory than the default one every command must be told
  const kenal = (command: string): string =>
    dataDir === DEFAULT_DATA ? `npx kenal ${command}` : `npx kenal --data ${dataDir} ${command}`;
  const lines = [
    '',
    `  page       ${api}`,
    `  write key  ${writeKey}   (more of them in ${dataDir}/endpoints.json)`,
    `  read key   ${readKey}`,
    `  SQL        ${sqlUrl}   (any user, the read key as password; any ClickHouse client)`,
    ...(smtpUrl === undefined ? [] : [`  mail       ${smtpUrl}   (to <write key of the source>@ any domain)`]),
    `  config     ${configPath ?? 'a development workspace (write a kenal.yaml for your own)'}`,
    '',
    '  Send something:',
    `    curl -u ${writeKey}: -H 'content-type: application/json' ${url}/v1/identify -d '{"userId":"me","traits":{"email":"me@example.net","name":"Me"}}'`,
    '  See who that is:',
    `    ${kenal('profile user_id:me')}`,
    '  Watch what comes in:',
    `    ${kenal('tail')}`,
    '  Ask:',
    ...QUESTIONS.flatMap(([title, sql]) => [`    # ${title}`, `    ${kenal(`sql "${sql}"`)}`]),
    '',
    '  Ctrl-C stops it in good order; the same command goes on with the same data.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
