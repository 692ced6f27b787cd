/**
 * Which tracked scripts look after nginx, and what a run of each does when nginx is away: read
 * from the script itself where it can be read, else from its name and command.
 */
import { type CheckScript, checkScript } from '../config/check-script';
import { type ClassicCheck, classicChecks } from '../config/classic-check';
import type { Script } from '../config/model';
import { type Duration, seconds } from '../time';
import type { NodeFile } from './world';

export interface NginxCheck {
  readonly script: Script;
  /** it starts nginx again itself. */
  readonly starts: boolean;
  /** its own sleeps last until the timeout ends it. */
  readonly timesOut: boolean;
  /** how long it sleeps when nginx is away. */
  readonly sleeps: Duration;
  /** what it looks at; `unknown`: it could not be read. */
  readonly looksAt: 'process' | 'answer' | 'unknown';
}

export function nginxChecks({ config, loaded, host }: NodeFile): readonly NginxCheck[] {
  const classic = classicChecks(loaded.built, host);
  return config.scripts.flatMap((script) => {
    const text = checkScript(script.command, host);
    const words = `${script.name} ${script.command.join(' ')} ${text?.text ?? ''}`;
    if (!/nginx/i.test(words)) return [];
    const known = classic.get(script.name) ?? null;
    return [
      {
        script,
        starts: known !== null && known.starts !== null,
        timesOut: known !== null && known.endsIn !== null,
        sleeps: sleepsOf(known),
        looksAt: looksAt(script, text),
      },
    ];
  });
}

function sleepsOf(check: ClassicCheck | null): Duration {
  const all = check?.text.commands ?? [];
  const inFront = all.filter(({ unreachable, background }) => !unreachable && !background);
  return seconds(Math.max(0, ...inFront.map(({ slept, sleeps }) => slept + sleeps)));
}

const asks = /\b(?:curl|wget|nc|ncat|netcat|telnet|check_http|http)\b|\/dev\/tcp\//;
const counts = /\b(?:ps|pidof|pgrep|killall|kill|pkill|systemctl|service|is-active)\b|\.pid\b/;

function looksAt({ command }: Script, text: CheckScript | null): NginxCheck['looksAt'] {
  const words = text?.text ?? command.join(' ');
  if (asks.test(words)) return 'answer';
  return counts.test(words) ? 'process' : 'unknown';
}
