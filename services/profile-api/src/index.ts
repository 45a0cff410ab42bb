export { createProfileApi, type ProfileApi, type ProfileApiDeps, type SqlPortOptions } from './app.ts';
export { DEFAULT_PORT, DEFAULT_SQL_PORT, environmentSchema as profileApiEnvironment } from './config.ts';
export type { DevelopmentKeys } from './page/routes.ts';
export { reasonInWords } from './profiles/reason.ts';
export type { SqlHost } from './sql/sql-host.ts';
