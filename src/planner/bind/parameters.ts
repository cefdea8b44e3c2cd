/**
 * The types of $1, $2, …: given by the client, or taken from the first place that asks for one
 * (PostgreSQL's parse_param.c, variable parameters).
 */
import { SqlError } from '../../base/errors.ts';
import { SqlState } from '../../base/sqlstate.ts';
import type { ParameterExpr } from '../../expr/expr.ts';
import { unknown } from '../../types/text.ts';
import type { SqlType } from '../../types/type.ts';

/** The wire counts parameters in 16 bits. */
const MAX_PARAMETERS = 65535;

export class ParameterTypes {
  readonly #types: SqlType[];

  constructor(given: readonly (SqlType | null)[]) {
    this.#types = given.map((type) => type ?? unknown);
  }

  /** $`index` (from 1) as an expression; of type unknown as long as nobody knows. */
  use(index: number, at: number): ParameterExpr {
    if (index < 1 || index > MAX_PARAMETERS) {
      throw new SqlError(SqlState.undefinedParameter, `there is no parameter $${index}`, { position: at });
    }
    while (this.#types.length < index) this.#types.push(unknown);
    return { kind: 'parameter', index: index - 1, type: this.#types[index - 1] as SqlType, typmod: -1 };
  }

  /** An unknown parameter is wanted as `type`: so be it, unless another place decided otherwise. */
  decide(parameter: ParameterExpr, type: SqlType, at: number | undefined): ParameterExpr {
    const known = this.#types[parameter.index] as SqlType;
    if (known === unknown) this.#types[parameter.index] = type;
    else if (known !== type) {
      throw new SqlError(
        SqlState.ambiguousParameter,
        `inconsistent types deduced for parameter $${parameter.index + 1}`,
        {
          detail: `${known.displayName} versus ${type.displayName}`,
          position: at,
        },
      );
    }
    return { ...parameter, type };
  }

  /** All types, once binding is over. Throws 42P18 for one that stayed unknown. */
  settled(): readonly SqlType[] {
    this.#types.forEach((type, i) => {
      if (type !== unknown) return;
      throw new SqlError(SqlState.indeterminateDatatype, `could not determine data type of parameter $${i + 1}`);
    });
    return this.#types;
  }
}
