export { createWarehouseLoader, type LoaderDeps, type WarehouseLoader } from './app.ts';
