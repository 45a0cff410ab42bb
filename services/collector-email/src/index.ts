export { type CollectorEmailDeps, createCollectorEmail, DEFAULT_SMTP_PORT, type EmailCollector } from './app.ts';
export { environmentSchema as collectorEmailEnvironment, smtpOptionsOf } from './config.ts';
