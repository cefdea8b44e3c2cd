/**
 * Who may connect, and to what. As with initdb, the operating-system user who made the data directory is a superuser, and so are
 * `millrace` and `postgres`; databases of these names all lead to the one catalog. Anyone else is refused in PostgreSQL's words.
 */
import { SqlError } from '../base/errors.ts';
import { SqlState } from '../base/sqlstate.ts';

export const BUILT_IN_NAMES: readonly string[] = ['millrace', 'postgres'];

export class Roles {
  /** Every role is a superuser in this version. */
  readonly names: readonly string[];
  readonly databases: readonly string[];

  constructor(operatingSystemUser: string) {
    this.names = [...new Set([operatingSystemUser, ...BUILT_IN_NAMES])];
    this.databases = this.names;
  }

  /** Throws 28000 or 3D000, both fatal. The role is looked at first, as PostgreSQL does. */
  admit(user: string, database: string): void {
    if (!this.names.includes(user)) {
      throw new SqlError(SqlState.invalidRoleSpecification, `role "${user}" does not exist`, {}, 'FATAL');
    }
    if (!this.databases.includes(database)) {
      throw new SqlError(SqlState.invalidCatalogName, `database "${database}" does not exist`, {}, 'FATAL');
    }
  }
}
