export { type CollectorCommerceDeps, createCollectorCommerce } from './app.ts';
