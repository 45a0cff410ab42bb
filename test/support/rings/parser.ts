import Visitor from '@swc/core/Visitor.js';

interface Statement {
  readonly type: string;
  /** Of a using declaration; a variable declaration has `declarations`. */
  readonly decls?: unknown;
}
interface VisitorMethods {
  visitStatement(statement: Statement): Statement;
  visitVariableDeclaration(declaration: Statement): Statement;
}

/**
 * The tree walker of @swc/core, which dependency-cruiser uses, throws at `await using log = await openEventLog(…)`.
 * Let such a declaration be walked as `const log = …` is, so that its imports are seen.
 */
export function teachUsingDeclarations(): void {
  const { prototype } = ((Visitor as { Visitor?: unknown }).Visitor ?? Visitor) as { prototype: VisitorMethods };
  const walk = prototype.visitStatement;
  prototype.visitStatement = function (statement) {
    return statement.type === 'UsingDeclaration'
      ? this.visitVariableDeclaration({ ...statement, declarations: statement.decls } as Statement)
      : walk.call(this, statement);
  };
}
