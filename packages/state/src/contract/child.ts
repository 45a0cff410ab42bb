/**
 * A worker of its own for the contract suite: `node child.ts <role> <place as JSON> <workspace> [number]`.
 * It prints one line per step that the parent waits for.
 */
import { openPlace } from './place.ts';
import { roles } from './roles.ts';

const [role = '', place = '{}', workspace = '', number = '0'] = process.argv.slice(2);
const state = await openPlace(JSON.parse(place));
await roles[role]!(state, workspace, Number(number), (line) => process.stdout.write(`${line}\n`));
await state.close();
