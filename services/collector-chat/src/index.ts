export { type CollectorChatDeps, createCollectorChat } from './app.ts';
