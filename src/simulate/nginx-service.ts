/**
 * The supervised nginxes of one simulated node, as a driver would find them: each runs or not, and
 * may refuse to start or to answer. What is ordered takes its usual time.
 */
import type { Nginx } from '../config/model-nginx';
import type { ServiceCommand, ServiceEvent } from '../core/service-terms';
import { type Duration, instantAt, milliseconds } from '../time';
import type { Agenda } from './agenda';

/** dead: starts again when somebody starts it. broken: does not. hung: there, and silent. */
export type NginxState = 'well' | 'dead' | 'broken' | 'hung';

/** All of them on one node: what happens to nginx there happens to each. */
export interface Nginxes {
  state: NginxState;
  /** of the processes that run, by block; none: it has been started by nobody yet. */
  readonly pids: Map<string, number>;
  nextPid: number;
}

/** A block without a name is called nginx. */
export const calledNginx = (name: string): string => (name === 'nginx' ? name : `nginx ${name}`);

/** On these machines nginx runs already. */
export const newNginxes = (blocks: readonly Nginx[]): Nginxes => ({
  state: 'well',
  pids: new Map(blocks.filter(({ masterOnly }) => !masterOnly).map(({ name }, i) => [name, i + 1])),
  nextPid: blocks.length + 1,
});

const LOOK = milliseconds(1);
const START = milliseconds(30);
const STOP = milliseconds(50);
const ANSWER = milliseconds(2);

/** A deed. Returns the processes that end by it. */
export function befall(
  nginxes: Nginxes,
  state: NginxState,
): readonly (readonly [string, number])[] {
  nginxes.state = state;
  if (state !== 'dead' && state !== 'broken') return [];
  const gone = [...nginxes.pids];
  nginxes.pids.clear();
  return gone;
}

/** Carries out what is ordered; each answer comes when it would. */
export function serve(
  nginxes: Nginxes,
  blocks: readonly Nginx[],
  command: ServiceCommand,
  agenda: Agenda,
  tell: (event: ServiceEvent) => void,
): void {
  if (command.kind === 'nginx-answer' || command.kind === 'nginx-forget') return;
  const block = blocks.find(({ name }) => name === command.nginx);
  const lasts = durationOf(nginxes, block, command);
  agenda.enter(agenda.now() + lasts, () => tell(answerTo(nginxes, command, agenda)));
}

type Asked = Exclude<ServiceCommand, { kind: 'nginx-answer' | 'nginx-forget' }>;

function durationOf({ state }: Nginxes, block: Nginx | undefined, { kind }: Asked): Duration {
  switch (kind) {
    case 'nginx-start':
      return START;
    case 'nginx-stop':
      return STOP;
    case 'nginx-probe':
      return state === 'hung' ? (block?.probe?.timeout ?? ANSWER) : ANSWER;
    case 'nginx-look':
    case 'nginx-test':
    case 'nginx-reload':
    case 'nginx-survey':
      return LOOK;
  }
}

function answerTo(nginxes: Nginxes, command: Asked, agenda: Agenda): ServiceEvent {
  const reported = { at: instantAt(agenda.now()), nginx: command.nginx };
  const pid = nginxes.pids.get(command.nginx) ?? null;
  const absent = pid === null ? 'it does not run' : '';
  switch (command.kind) {
    case 'nginx-look':
      return { kind: 'nginx-found', ...reported, pid, why: absent };
    case 'nginx-start':
      return { kind: 'nginx-started', ...reported, outcome: started(nginxes, command) };
    case 'nginx-stop':
      nginxes.pids.delete(command.nginx);
      return { kind: 'nginx-stopped', ...reported };
    case 'nginx-test':
      return { kind: 'nginx-tested', ...reported, fault: '' };
    case 'nginx-reload':
      return { kind: 'nginx-reloaded', ...reported, ask: command.ask, fault: '', invalid: false };
    case 'nginx-survey':
      return { kind: 'nginx-surveyed', ...reported, workers: absent, sockets: absent, genuine: '' };
    case 'nginx-probe': {
      const silent = nginxes.state === 'hung' ? 'no answer in time' : absent;
      return { kind: 'nginx-probed', ...reported, through: command.through, fault: silent };
    }
  }
}

type Outcome = Extract<ServiceEvent, { kind: 'nginx-started' }>['outcome'];

/** A new process hangs no more, unless the old one is still there. */
function started(nginxes: Nginxes, command: Extract<Asked, { kind: 'nginx-start' }>): Outcome {
  if (nginxes.state === 'broken') return { kind: 'failed', why: 'it does not start' };
  const pid = nginxes.nextPid++;
  nginxes.pids.set(command.nginx, pid);
  if (nginxes.state === 'dead' || command.kill) nginxes.state = 'well';
  return { kind: 'started', pid };
}
