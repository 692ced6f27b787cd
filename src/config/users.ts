/**
 * Whom the host knows, for commands that are to run as somebody.
 */
import type { Host } from './host';

/** By name; a number needs no name. null: nothing is known. */
export function usersOf(host: Host): ((name: string) => boolean) | null {
  const passwd = host.files.read('/etc/passwd');
  if (passwd.kind !== 'text') return null;
  const names = new Set(passwd.text.split('\n').map((line) => line.split(':')[0]));
  return (name) => names.has(name) || /^\d+$/.test(name);
}
