export { type ChdbServer, type ChdbServerOptions, createChdbServer } from './server.ts';
