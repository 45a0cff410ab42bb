export { type CollectorWebDeps, createCollectorWeb } from './app.ts';
