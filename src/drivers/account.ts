/** User and group names → numbers, from /etc/passwd and /etc/group as they are at the moment. */
import { readFileSync } from 'node:fs';
import type { User } from '../config/model';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** null: no such user or group. Numbers are taken as they are. */
export function accountOf({ user, group }: User): Account | null {
  const entry = find('/etc/passwd', user);
  const uid = entry === null ? numeric(user) : Number(entry[2]);
  if (uid === null) return null;
  if (group === null) return entry === null ? null : { uid, gid: Number(entry[3]) };
  const named = find('/etc/group', group);
  const gid = named === null ? numeric(group) : Number(named[2]);
  return gid === null ? null : { uid, gid };
}

const numeric = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : null);

function find(file: string, name: string): string[] | null {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const fields = line.split(':');
    if (fields.length > 2 && fields[0] === name) return fields;
  }
  return null;
}
