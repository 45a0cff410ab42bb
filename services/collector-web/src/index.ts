export { type CollectorWebDeps, createCollectorWeb } from './app.ts';
export { environmentSchema as collectorWebEnvironment } from './config.ts';
