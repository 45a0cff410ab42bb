export { type CollectorPhoneDeps, createCollectorPhone } from './app.ts';
