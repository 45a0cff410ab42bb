import { type Cli, type CommonOptions, print, printJson } from '../cli/cli.ts';
import { count } from '../cli/progress.ts';
import { pairs, plainText, table } from '../cli/table.ts';
import { UsageError } from '../cli/usage-error.ts';
import type { Instance } from '../client/instance.ts';
import { sqlRows } from '../client/sql.ts';
import { withInstance } from '../client/with-instance.ts';
import { type AddCommand, optionsOf } from './command.ts';

interface ShowOptions extends CommonOptions {
  readonly all?: boolean;
}

/** `kenal model show`: what was learnt in the warehouse, and how good it is. */
export const addModelShow: AddCommand = (model, cli) => {
  model
    .command('show')
    .description('fits in the warehouse, by `kenal mart refresh models`: parameters, quality, or why there are none')
    .argument('[model]', 'bg-nbd, mbg-nbd, pareto-nbd, gamma-gamma, churn, bg-bb, associations, also-bought, next-best')
    .option('--all', 'earlier fits too')
    .action(async (name: string | undefined, _options, command) => {
      const options = optionsOf<ShowOptions>(command);
      await withInstance(cli, options, (instance) => show(cli, instance, name, options));
    });
};

/** A row of the view `model_registry`. */
interface FitShown {
  readonly fit_id: string;
  readonly model: string;
  readonly currency: string;
  readonly state: 'fitted' | 'refused';
  readonly reason: string;
  readonly newest: boolean;
  readonly used: boolean;
  readonly why: string;
  readonly first_day: string | null;
  readonly until: string | null;
  readonly customers: number;
  readonly repeaters: number;
  readonly parameters: Readonly<Record<string, number>>;
  readonly standard_errors: Readonly<Record<string, number>>;
  readonly log_likelihood: number | null;
  readonly iterations: number;
  readonly converged: boolean;
  readonly ridge: boolean;
  readonly limit_model: string;
  readonly limit_parameters: Readonly<Record<string, number>>;
  readonly holdout_from: string | null;
  readonly horizon_days: number;
  readonly quality: Readonly<Record<string, number>>;
  readonly lift: readonly number[];
  readonly drift: number | null;
  readonly compared_with: string;
  readonly seconds: number;
  readonly fitted_at: string;
}

// 64-bit numbers would come as text
const FITS = `SELECT * REPLACE (toUInt32(customers) AS customers, toUInt32(repeaters) AS repeaters) FROM model_registry
  WHERE ({all:Bool} OR newest) AND ({model:String} = '' OR model = {model:String}) ORDER BY model, currency, fitted_at DESC`;

async function show(cli: Cli, instance: Instance, model = '', { all, json }: ShowOptions): Promise<void> {
  const fits = await sqlRows<FitShown>(instance, FITS, { all: String(all === true), model });
  if (fits.length === 0) throw new UsageError(await nothing(instance, model));
  if (json === true) printJson(cli, { fits });
  else print(cli, model === '' ? list(fits) : fits.map(detail).join('\n'));
}

async function nothing(instance: Instance, model: string): Promise<string> {
  const known = await sqlRows<{ model: string }>(instance, 'SELECT DISTINCT model FROM model_registry ORDER BY model');
  return known.length === 0
    ? 'nothing was learnt yet: kenal mart refresh models products --wait'
    : `there is no fit of ${model}; there are fits of ${known.map((row) => row.model).join(', ')}`;
}

const HEAD = ['model', 'currency', 'state', 'until', 'customers', 'held out', 'fit', ''];

function list(fits: readonly FitShown[]): string {
  return table([
    HEAD,
    ...fits.map((fit) => [
      ...[fit.model, fit.currency || '-', fit.used ? 'in use' : fit.state, fit.until ?? '-', count(fit.customers)],
      ...[heldOut(fit), fit.fit_id, plainText(fit.reason || flagsOf(fit).join(', ') || fit.why)],
    ]),
  ]);
}

/** The figure that says most. */
function heldOut({ quality }: FitShown): string {
  const told = (name: string, digits: number): string => quality[name]!.toFixed(digits);
  if ('auc' in quality) return `AUC ${told('auc', 3)}`;
  if ('actual' in quality) return `${told('predicted', 0)} told, ${told('actual', 0)} came`;
  if ('newHitRate10' in quality) return `hits ${told('newHitRate10', 3)} new, ${told('reorderHitRate10', 3)} again`;
  return '';
}

function flagsOf({ ridge, limit_model: limit, converged, quality }: FitShown): string[] {
  return [
    ...(ridge ? [`ridge: the data do not tell its parameters apart; ${limit} is offered`] : []),
    ...(converged ? [] : ['the search came to no end']),
    ...(quality.complete === 0 ? ['not complete: something was left out'] : []),
  ];
}

function detail(fit: FitShown): string {
  const { parameters, standard_errors: errors, limit_parameters: limit, quality } = fit;
  const told = (value: number): string => String(Number(value.toPrecision(6)));
  const values = Object.entries(parameters).map(([name, value]) => {
    const error = errors[name];
    return `${name} ${told(value)}${error === undefined ? '' : ` ± ${told(error)}`}`;
  });
  const named = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([name, value]) => `${name} ${told(value)}`)
      .join(', ');
  const rows: (readonly [string, string])[] = [
    [`${fit.model}${fit.currency === '' ? '' : ` ${fit.currency}`}`, `${fit.fit_id}, ${fit.fitted_at.slice(0, 16)}`],
    ['state', fit.used ? `in use: ${fit.why}` : `${fit.state}: ${fit.reason || fit.why}`],
    [
      'data',
      `${fit.first_day ?? '-'} to ${fit.until ?? '-'}, ${fit.customers} customers, ${fit.repeaters} bought again`,
    ],
    ...(values.length === 0 ? [] : [['parameters', values.join(', ')] as const]),
    ...(fit.log_likelihood === null ? [] : [['log-likelihood', String(fit.log_likelihood)] as const]),
    ...flagsOf(fit).map((flag) => ['!', flag] as const),
    ...(fit.limit_model === '' ? [] : [[fit.limit_model, named(limit)] as const]),
    ...(fit.holdout_from === null
      ? []
      : [['held out', `${fit.horizon_days} days after ${fit.holdout_from}: ${named(quality)}`] as const]),
    ...(fit.holdout_from === null && Object.keys(quality).length > 0 ? [['quality', named(quality)] as const] : []),
    ...(fit.lift.length === 0 ? [] : [['lift by tenth', fit.lift.map((one) => one.toFixed(2)).join(' ')] as const]),
    ...(fit.drift === null
      ? []
      : [['drift', `${fit.drift.toFixed(2)} standard errors since ${fit.compared_with}`] as const]),
  ];
  return pairs(rows);
}
