export { createWarehouseLoader, type LoaderDeps } from './app.ts';
