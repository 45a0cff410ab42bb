export { type CollectorEmailDeps, createCollectorEmail } from './app.ts';
