/**
 * Scripts run as root from any path, unless enable_script_security limits them to paths that only
 * root can change. keepalived calls its absence a violation at each start, and `-t` exits with 6.
 */
import type { Built } from '../build';
import { type Diagnostic, info } from '../diagnostic';
import { commandsOf } from '../places';

export function scriptSecurity(built: Built): readonly Diagnostic[] {
  const [first] = commandsOf(built);
  if (first === undefined || built.config.global.scriptSecurity) return [];
  return [
    info('script-security', first.span, 'commands run without enable_script_security', {
      why: "keepalived logs 'SECURITY VIOLATION' at each start, and 'keepalived -t' exits with 6",
      // The first without the second has checks dropped where there is no keepalived_script.
      help: 'enable_script_security and script_user root in global_defs',
    }),
  ];
}
