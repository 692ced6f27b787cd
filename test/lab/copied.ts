/**
 * A node with the tutorials' check, as it is copied everywhere: count nginx, start it, sleep, and
 * if it is not there stop keepalived. Two words differ from the original, which looks at every
 * nginx of the machine and stops every keepalived: here each node asks for its own nginx, and what
 * is stopped is told by the test.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, type Side, start } from './failover-story';
import type { Lab } from './lab';
import { killQuietly, processTree } from './namespace';
import { nginxConfig } from './nginx';
import { broken, readQuietly, VIP } from './supervised';

export type CopiedTerms = {
  readonly priority: number;
  readonly version?: 2 | 3;
  /** Seconds. */
  readonly interval?: number;
  /** More lines of the vrrp_script. */
  readonly script?: string;
};

export class Copied {
  readonly node: string;
  readonly daemon: Daemon;
  /** A file that is there once the script wanted to stop keepalived. */
  readonly called: string;
  readonly #prefix: string;

  constructor(lab: Lab, side: Side, node: string, terms: CopiedTerms) {
    this.node = node;
    this.#prefix = join(lab.directory, `nginx-${node}`);
    this.called = join(this.#prefix, 'called');
    mkdirSync(this.#prefix, { recursive: true });
    this.configure();
    const script = join(this.#prefix, 'nginx_pid.sh');
    writeFileSync(script, this.#script());
    chmodSync(script, 0o755);
    this.daemon = start(side, lab, node, configOf(script, terms));
  }

  #script(): string {
    const pid = `$(cat ${this.#prefix}/nginx.pid 2>/dev/null)`;
    const count = `counter=$(ps -p "${pid}" --no-heading 2>/dev/null | wc -l)`;
    return [
      '#!/bin/bash',
      count,
      'if [ "${counter}" = "0" ]; then',
      `    /usr/sbin/nginx -c ${this.#prefix}/nginx.conf`,
      '    sleep 3',
      `    ${count}`,
      '    if [ "${counter}" = "0" ]; then',
      `        echo called > ${this.called}`,
      `        [ -e ${this.#prefix}/daemon ] && kill $(cat ${this.#prefix}/daemon)`,
      '        killall keepalived-of-nobody',
      '    fi',
      'fi',
      '',
    ].join('\n');
  }

  /** From here on its script stops its own daemon, as killall would. */
  stoppable(): void {
    writeFileSync(join(this.#prefix, 'daemon'), String(this.daemon.child.pid));
  }

  get master(): number | null {
    const pid = Number.parseInt(readQuietly(join(this.#prefix, 'nginx.pid')), 10);
    return pid > 0 ? pid : null;
  }

  get processes(): readonly number[] {
    return this.master === null ? [] : processTree(this.master);
  }

  /** Of master and workers alike. */
  signal(signal: NodeJS.Signals, pids = this.processes): void {
    for (const pid of pids) killQuietly(pid, signal);
  }

  configure(edit = (text: string): string => text): void {
    const text = nginxConfig(this.#prefix, this.node, 80, true);
    writeFileSync(join(this.#prefix, 'nginx.conf'), edit(text));
  }

  /** All of it, and it cannot be started again. */
  ruin(): void {
    this.configure(broken);
    this.signal('SIGKILL');
  }
}

const configOf = (script: string, terms: CopiedTerms): string => `
vrrp_script chk_http_port {
script "${script}"
interval 2
weight 2
${terms.script ?? ''}
}
vrrp_instance VI_1 {
state ${terms.priority > 100 ? 'MASTER' : 'BACKUP'}
interface eth0
virtual_router_id 51
priority ${terms.priority}
version ${terms.version ?? 2}
advert_int ${terms.interval ?? 1}
track_script { chk_http_port }
virtual_ipaddress { ${VIP} }
}
`;
