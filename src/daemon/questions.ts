/** What can be asked through the control socket, and who answers it. */
import type { Want } from '../core/service-terms';
import type { Services } from '../core/services';
import { type Instant, toSeconds } from '../time';
import type { Reply, Request } from './control';
import type { Answer } from './services';

/** What the daemon offers to whoever asks. */
export interface Asked {
  askNginx(name: string | null, want: Want): Promise<Answer>;
  services(): Services;
  now(): Instant;
}

const wants: Readonly<Record<string, Want>> = {
  'nginx-start': 'start',
  'nginx-stop': 'stop',
  'nginx-restart': 'restart',
  'nginx-reload': 'reload',
};

export async function answerTo(daemon: Asked, request: Request): Promise<Reply> {
  const { nginx = null } = request;
  if (nginx !== null && typeof nginx !== 'string') {
    return { ok: false, error: "'nginx' must be a name" };
  }
  const want = wants[request.do];
  if (want !== undefined) {
    const { ok, said } = await daemon.askNginx(nginx, want);
    return ok ? { ok, said } : { ok, error: said };
  }
  if (request.do === 'nginx-status') return { ok: true, nginx: statusOf(daemon, nginx) };
  const known = [...Object.keys(wants), 'nginx-status'].join(', ');
  return { ok: false, error: `'${request.do}' is not known here: ${known}` };
}

const statusOf = (daemon: Asked, name: string | null): readonly unknown[] =>
  [...daemon.services().values()]
    .filter(({ nginx }) => name === null || nginx.name === name)
    .map(({ nginx, phase, why, pid, since, signals, attempts, role, plan }) => ({
      name: nginx.name,
      phase,
      why,
      pid,
      seconds: toSeconds((daemon.now() - since) as Parameters<typeof toSeconds>[0]),
      signals,
      restarts: attempts.length,
      master: role.master,
      plan: plan === null ? null : `${plan.want}: ${plan.stage}`,
    }));
