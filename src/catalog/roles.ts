/** OIDs of roles: the first superuser has PostgreSQL's 10, as clients expect of one that initdb made. */
const BOOTSTRAP_OID = 10;
const FIRST_OTHER_OID = 16_000;

export const roleOid = (roles: readonly string[], name: string): number => {
  const index = roles.indexOf(name);
  return index === 0 ? BOOTSTRAP_OID : FIRST_OTHER_OID + index;
};
