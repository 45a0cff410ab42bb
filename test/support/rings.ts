import { fileURLToPath } from 'node:url';
import { checkRings } from './rings/check.ts';

/** `npm run rings`: fail where an import goes outward or upward, or where the parser read next to nothing. */
const FEWEST_MODULES = 50;

const report = await checkRings(fileURLToPath(new URL('../..', import.meta.url)));
for (const { rule, from, to } of report.violations) console.error(`${rule}: ${from} → ${to}`);
console.log(`${report.modulesWithImports} modules, ${report.imports} imports, ${report.violations.length} violations`);
if (report.modulesWithImports < FEWEST_MODULES || report.imports <= report.modulesWithImports) {
  console.error('So few modules or imports were read that the parser does not work.');
  process.exitCode = 1;
}
if (report.violations.length > 0) process.exitCode = 1;
