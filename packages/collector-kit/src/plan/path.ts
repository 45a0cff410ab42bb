/** `['products', '0', 'odd name']` → `$.products[0]["odd name"]` */
export function pathOf(steps: readonly string[]): string {
  return `$${steps.map(stepOf).join('')}`;
}

function stepOf(step: string): string {
  if (/^\d+$/.test(step)) return `[${step}]`;
  return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
