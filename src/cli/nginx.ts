/**
 * holdfast nginx stop|reload|restart|start|status [NAME]: asks the running daemon, which hands the
 * address over before it touches an nginx that serves.
 */
import type { Signals } from '../core/service';
import { ask } from './ask';

export const NGINX_VERBS = ['status', 'start', 'stop', 'restart', 'reload'] as const;
export type NginxVerb = (typeof NGINX_VERBS)[number];

export interface NginxOptions {
  readonly control: string;
  readonly json: boolean;
}

const EXIT_REFUSED = 1;
const EXIT_UNREACHABLE = 2;

/** Resolves with the exit code. */
export async function nginx(
  verb: NginxVerb,
  name: string | null,
  { control, json }: NginxOptions,
): Promise<number> {
  const told = await ask(control, { do: `nginx-${verb}`, nginx: name });
  if (told.kind === 'unreachable') {
    process.stderr.write(`holdfast: ${control}: ${told.why}\n`);
    return EXIT_UNREACHABLE;
  }
  const { ok, said, error, nginx: found } = told.reply;
  if (json) process.stdout.write(`${JSON.stringify(told.reply)}\n`);
  else if (ok !== true) process.stderr.write(`holdfast: ${String(error)}\n`);
  else if (verb !== 'status') process.stdout.write(`${String(said)}\n`);
  else process.stdout.write((found as readonly Status[]).map(statusText).join('\n'));
  if (ok !== true) return EXIT_REFUSED;
  if (verb !== 'status') return 0;
  return (found as readonly Status[]).some(({ phase }) => ill.has(phase)) ? EXIT_REFUSED : 0;
}

interface Status {
  readonly name: string;
  readonly phase: string;
  readonly why: string;
  readonly pid: number | null;
  readonly seconds: number;
  readonly signals: Signals;
  readonly restarts: number;
  readonly master: boolean;
  readonly plan: string | null;
}

const ill: ReadonlySet<string> = new Set(['down', 'given-up']);

/** Each signal of health with its own result. */
const signalNames: Readonly<Record<keyof Signals, string>> = {
  process: 'master process',
  genuine: 'its program',
  workers: 'workers',
  sockets: 'sockets',
  probe: 'answers',
  vip: 'through the address',
  config: 'configuration',
};

function statusText(one: Status): string {
  const { name, phase, why, pid, seconds, signals, restarts, master, plan } = one;
  const process = pid === null ? '' : `, process ${pid}`;
  const lines = [
    `nginx ${name}: ${phase} for ${seconds.toFixed(1)} s${process}`,
    `  why: ${why}`,
    ...Object.entries(signalNames).map(([key, label]) => {
      const signal = signals[key as keyof Signals];
      const text = signal === null ? 'not looked at' : signal === '' ? 'well' : signal;
      return `  ${`${label}:`.padEnd(21)}${text}`;
    }),
    `  restarts that count: ${restarts}; the address is ${master ? '' : 'not '}here`,
    ...(plan === null ? [] : [`  under way: ${plan}`]),
  ];
  return `${lines.join('\n')}\n`;
}
