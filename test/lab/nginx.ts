/**
 * nginx on a node: its own prefix in the lab's directory, listening on the wildcard address, so
 * that it answers on a VIP the moment the address is there. It says its node's name to everyone.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child } from './child';
import type { Lab } from './lab';
import { until } from './until';

export class Nginx {
  readonly child: Child;
  readonly node: string;
  readonly #lab: Lab;

  private constructor(lab: Lab, node: string, prefix: string) {
    this.#lab = lab;
    this.node = node;
    const command = ['nginx', '-p', prefix, '-c', 'nginx.conf', '-e', 'error.log'];
    this.child = lab.spawn(node, command, { name: `nginx-${node}` });
  }

  static pidFile(lab: Lab, node: string): string {
    return join(lab.directory, `nginx-${node}`, 'nginx.pid');
  }

  /** Resolves when it listens. */
  static async start(lab: Lab, node: string, port = 80): Promise<Nginx> {
    const prefix = join(lab.directory, `nginx-${node}`);
    mkdirSync(prefix, { recursive: true });
    writeFileSync(join(prefix, 'nginx.conf'), nginxConfig(prefix, node, port));
    const nginx = new Nginx(lab, node, prefix);
    await until(() => nginx.listens(port), {
      what: `nginx on ${node} to listen on port ${port}`,
      detail: () => nginx.child.tail(),
    });
    return nginx;
  }

  listens(port: number): boolean {
    const { stdout } = this.#lab.exec(this.node, ['ss', '-Hltn', `sport = :${port}`]);
    return stdout.trim() !== '';
  }

  async stop(): Promise<void> {
    await this.child.stop('SIGQUIT');
  }

  /** kill -9 of master and workers: nothing answers any more, the pid file stays. */
  async kill(): Promise<void> {
    await this.child.kill();
  }
}

/** `daemon`: it leaves its parent, as the packages of distributions start it. */
export function nginxConfig(prefix: string, name: string, port: number, daemon = false): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return [
    `daemon ${daemon ? 'on' : 'off'};`,
    'worker_processes 1;',
    // Workers then read and write in the lab's directory, which belongs to root.
    'user root;',
    `pid ${prefix}/nginx.pid;`,
    `error_log ${prefix}/error.log;`,
    'events { worker_connections 512; }',
    'http {',
    '  access_log off;',
    ...temporary.map((what) => `  ${what}_temp_path ${prefix}/${what};`),
    `  server { listen ${port}; listen [::]:${port};`,
    `    location / { default_type text/plain; return 200 "${name}"; } }`,
    '}',
    '',
  ].join('\n');
}
