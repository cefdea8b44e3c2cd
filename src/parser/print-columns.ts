/** Column definitions, constraints, watermarks, options and formats as SQL. */
import type {
  ColumnDefinition,
  CreateStream,
  CreateTable,
  FormatClause,
  Option,
  TableConstraint,
  WatermarkDefinition,
} from './ast.ts';
import { Precedence } from './precedence.ts';
import { printTypeName } from './print-types.ts';
import { type Printer, printName, printNames, printParts, printString } from './printer.ts';

/** `(columns, constraints, watermark)`. */
export function printElements(
  printer: Printer,
  node: Pick<CreateStream | CreateTable, 'columns' | 'constraints' | 'watermark'>,
): string {
  const elements = node.columns.map((column) => printColumn(printer, column));
  elements.push(...node.constraints.map((constraint) => printConstraint(printer, constraint)));
  if (node.watermark !== null) elements.push(printWatermark(printer, node.watermark));
  return `(${elements.join(', ')})`;
}

const IDENTITY_WORDS = { always: 'ALWAYS', 'by-default': 'BY DEFAULT' } as const;

function printColumn(printer: Printer, column: ColumnDefinition): string {
  const parts = [printName(column.name)];
  if (column.type !== null) parts.push(printTypeName(printer, column.type));
  if (column.collation !== null) parts.push(`COLLATE ${printParts(column.collation.parts)}`);
  if (column.generated !== null) parts.push(printGenerated(printer, column));
  if (column.identity !== null) parts.push(`GENERATED ${IDENTITY_WORDS[column.identity]} AS IDENTITY`);
  if (column.notNull) parts.push('NOT NULL');
  // A default is a b_expr, so that NOT NULL behind it is not taken for an operator.
  if (column.default !== null) parts.push(`DEFAULT ${printer.expression(column.default, Precedence.sign)}`);
  if (column.primaryKey !== null) parts.push('PRIMARY KEY');
  if (column.unique) parts.push('UNIQUE');
  if (column.check !== null) parts.push(`CHECK (${printer.expression(column.check)})`);
  return parts.join(' ');
}

/** Without a type, `AS (…)`: the expression decides. */
function printGenerated(printer: Printer, column: ColumnDefinition): string {
  const expr = column.generated === null ? '' : `(${printer.expression(column.generated)})`;
  return column.type === null ? `AS ${expr}` : `GENERATED ALWAYS AS ${expr} STORED`;
}

function printConstraint(printer: Printer, constraint: TableConstraint): string {
  const name = constraint.name === null ? '' : `CONSTRAINT ${printName(constraint.name)} `;
  return `${name}${printConstraintBody(printer, constraint)}`;
}

function printConstraintBody(printer: Printer, constraint: TableConstraint): string {
  const columns = printNames(constraint.columns);
  switch (constraint.kind) {
    case 'primary-key':
      return `PRIMARY KEY (${columns})`;
    case 'unique':
      return `UNIQUE (${columns})`;
    case 'check': {
      const action = constraint.onViolation === null ? '' : ` ON VIOLATION ${constraint.onViolation.toUpperCase()}`;
      return `CHECK (${constraint.check === null ? '' : printer.expression(constraint.check)})${action}`;
    }
    default:
      return `FOREIGN KEY (${columns}) REFERENCES ${constraint.references === null ? '' : printParts(constraint.references.parts)}`;
  }
}

function printWatermark(printer: Printer, watermark: WatermarkDefinition): string {
  return `WATERMARK FOR ${printName(watermark.column)} AS ${printer.expression(watermark.expr)}`;
}

/** ` WITH (name = value, …)` or nothing. */
export function printOptions(printer: Printer, options: readonly Option[]): string {
  return options.length === 0 ? '' : ` WITH ${printOptionList(printer, options)}`;
}

function printOptionList(printer: Printer, options: readonly Option[]): string {
  const list = options.map(({ name, value }) => {
    const text = typeof value === 'string' ? printString(value) : printer.expression(value);
    return `${/^[a-z_][a-z0-9_]*$/.test(name) ? name : printString(name)} = ${text}`;
  });
  return `(${list.join(', ')})`;
}

/** ` FORMAT … ENCODE … [(…)]` or nothing. */
export function printFormat(printer: Printer, format: FormatClause | null): string {
  if (format === null) return '';
  const options = format.options.length === 0 ? '' : ` ${printOptionList(printer, format.options)}`;
  return ` FORMAT ${format.format.toUpperCase()} ENCODE ${format.encode.toUpperCase()}${options}`;
}
