/**
 * npm start: two nodes with nginx, one address, a customer. Kills the master's nginx, later pulls
 * the master's cable, and prints each outage as the customer saw it. Runs in network namespaces of
 * its own and leaves nothing behind. `--daemon keepalived` shows the same with keepalived.
 */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, type Outage } from '../test/lab/client';
import { Holdfast } from '../test/lab/holdfast';
import { Keepalived } from '../test/lab/keepalived';
import { Lab } from '../test/lab/lab';
import { Nginx } from '../test/lab/nginx';
import { until } from '../test/lab/until';
import { ClientWatch, HolderWatch, inSeconds, paint, tell, tellLog } from './demo-screen';

const VIP = '192.168.1.110';
const PERIOD_MS = 20;
/** A quiet stretch after each step, so that a person can read and late requests come home. */
const CALM_REQUESTS = 60;

type Daemon = 'holdfast' | 'keepalived';
type Peer = Holdfast | Keepalived;
type Step = { readonly what: string; readonly outages: readonly Outage[] };

/** The tutorial's file, as people have it, comments and all; only paths and addresses differ. */
const tutorial = (lab: Lab, node: string, master: boolean): string => `global_defs {
notification_email {
admin@centos.bz
}
notification_email_from keepalived@domain.com
smtp_server 127.0.0.1
smtp_connect_timeout 30
router_id LVS_DEVEL
}
vrrp_script chk_http_port {
script "${scriptFile(lab, node)}"
interval 2
weight 2
}
vrrp_instance VI_1 {
state ${master ? 'MASTER' : 'BACKUP'} ############ 辅机为 BACKUP
interface eth0
virtual_router_id 51 #虚拟路由ID,主备相同
mcast_src_ip ${lab.node(node).address}
priority ${master ? 102 : 100} # 权值要比 back 高
advert_int 1
authentication { #口令,主备相同
auth_type PASS
auth_pass 1111
}
track_script {
chk_http_port ### 执行监控的服务
}
virtual_ipaddress { #VIP 切换漂移的VIP
${VIP}
}
}
`;

const scriptFile = (lab: Lab, node: string) => join(lab.directory, `nginx_pid-${node}.sh`);
const daemonPidFile = (lab: Lab, node: string) => join(lab.directory, `daemon-${node}.pid`);

/** Like the tutorial's script, it ends the daemon when nginx is gone: weight 2 makes but a tie. */
function writeCheckScript(lab: Lab, node: string): void {
  const script = `#!/bin/sh
pid=$(cat ${Nginx.pidFile(lab, node)} 2>/dev/null)
[ -n "$pid" ] && [ -d "/proc/$pid" ] && exit 0
kill "$(cat ${daemonPidFile(lab, node)})"
exit 1
`;
  writeFileSync(scriptFile(lab, node), script);
  chmodSync(scriptFile(lab, node), 0o755);
}

class Demo {
  readonly lab = new Lab({
    nodes: ['lb1', 'lb2'],
    network: '192.168.1',
    hosts: { lb1: 103, lb2: 104 },
  });
  readonly steps: Step[] = [];
  readonly #daemon: Daemon;
  readonly #peers = new Map<string, Peer>();
  readonly #nginx = new Map<string, Nginx>();
  readonly #holders = new HolderWatch(VIP);
  readonly #client: Client;
  #watch: NodeJS.Timeout | null = null;

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
    for (const node of ['lb1', 'lb2']) {
      writeCheckScript(this.lab, node);
      const onLine = (line: string) => this.#holders.line(node, line);
      this.lab.spawn(node, ['ip', '-o', 'monitor', 'address'], { onLine });
    }
    this.#client = new Client(this.lab, { url: `http://${VIP}/`, period: PERIOD_MS });
  }

  async start(): Promise<void> {
    tell('demo', `starting nginx and ${this.#daemon} on lb1 and lb2`, 'bold');
    const client = new ClientWatch(this.#client);
    await this.#serve('lb1');
    await this.#servedBy('lb1');
    await this.#serve('lb2');
    await this.#peers.get('lb2')?.says(/Entering BACKUP STATE/);
    tell('client', `answered by lb1, ${1000 / PERIOD_MS} requests a second`, 'cyan');
    this.#watch = setInterval(() => client.look(), PERIOD_MS);
    await this.#calm();
  }

  /** Does something to a node and waits until the client is served by `next`. */
  async step(what: string, next: string, act: () => void | Promise<void>): Promise<void> {
    const before = this.#client.outages().length;
    process.stdout.write('\n');
    tell('demo', what, 'bold');
    await act();
    await this.#servedBy(next);
    await this.#calm();
    this.steps.push({ what, outages: this.#client.outages().slice(before) });
  }

  async killNginx(node: string): Promise<void> {
    await this.#nginx.get(node)?.kill();
  }

  /** nginx first: the check script of a daemon without it would end that daemon again. */
  async revive(node: string): Promise<void> {
    await this.#peers.get(node)?.stop();
    await this.#serve(node);
  }

  async close(): Promise<void> {
    if (this.#watch !== null) clearInterval(this.#watch);
    await this.lab.close();
    this.#holders.stop();
  }

  async #serve(node: string): Promise<void> {
    this.#nginx.set(node, await Nginx.start(this.lab, node));
    const config = tutorial(this.lab, node, node === 'lb1');
    const Peer = this.#daemon === 'holdfast' ? Holdfast : Keepalived;
    const peer = new Peer(this.lab, node, config, {
      onLine: (line) => tellLog(node, line),
    });
    writeFileSync(daemonPidFile(this.lab, node), `${peer.child.pid}\n`);
    this.#peers.set(node, peer);
  }

  async #servedBy(node: string): Promise<void> {
    const holds = () => this.lab.holders(VIP).join() === node;
    const detail = () => [...this.#peers.values()].map((peer) => peer.child.tail(15)).join('\n');
    await until(holds, { what: `${VIP} to be on ${node}`, timeout: 30_000, every: 200, detail });
    await this.#client.answeredBy(node);
  }

  async #calm(): Promise<void> {
    const enough = this.#client.requests.length + CALM_REQUESTS;
    await until(() => this.#client.requests.length >= enough, { what: 'the client to go on' });
  }
}

function introduce(daemon: Daemon): void {
  const lines = [
    paint('bold', `${daemon}: two nodes, one address`),
    '',
    '  lb1 192.168.1.103  nginx  priority 102 ─┐',
    `                                          ├─ switch ── client, fetching http://${VIP}/`,
    '  lb2 192.168.1.104  nginx  priority 100 ─┘',
    '',
    '  Priority is 2 higher while the check script finds nginx alive. Without nginx lb1 falls from',
    '  104 to 102, lb2 has 102 too, and a standby lets a tie stand: weight 2 alone moves nothing.',
    "  So, like the tutorial's, the script also stops the daemon, which resigns with priority 0.",
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function summarize(steps: readonly Step[]): void {
  process.stdout.write(`\n${paint('bold', 'Outages as the client saw them')}\n`);
  for (const { what, outages } of steps) {
    const total = outages.reduce((sum, { duration }) => sum + duration, 0);
    const lost = outages.reduce((sum, { failures }) => sum + failures, 0);
    const requests = lost === 1 ? 'request' : 'requests';
    const result = lost === 0 ? 'none' : `${inSeconds(total)}, ${lost} ${requests} lost`;
    process.stdout.write(`  ${what.padEnd(44)} ${paint('cyan', result)}\n`);
  }
  const lines = [
    'A dead nginx is noticed at the next run of the script, within 2 s; lb2 waits its skew, 0.6 s.',
    'A pulled cable is noticed by silence: three adverts of 1 s and the skew, 3.6 s at worst.',
  ];
  process.stdout.write(`${lines.map((line) => `  ${paint('dim', line)}`).join('\n')}\n`);
}

async function run(daemon: Daemon): Promise<void> {
  introduce(daemon);
  const demo = new Demo(daemon);
  try {
    await demo.start();
    await demo.step('kill -9 of nginx on lb1', 'lb2', () => demo.killNginx('lb1'));
    await demo.step(`nginx and ${daemon} are started on lb1`, 'lb1', () => demo.revive('lb1'));
    await demo.step('the cable of lb1 is pulled', 'lb2', () => {
      demo.lab.pullCable('lb1', 'switch-port-down');
    });
    await demo.step('the cable of lb1 is plugged in', 'lb1', () => demo.lab.plugCable('lb1'));
    summarize(demo.steps);
  } finally {
    await demo.close();
  }
  process.stdout.write('  Everything is removed: namespaces, processes, files.\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { daemon: { type: 'string', default: 'holdfast' } } });
  const { daemon } = values;
  if (daemon !== 'holdfast' && daemon !== 'keepalived') {
    process.stderr.write('usage: npm start -- [--daemon holdfast|keepalived] | [--config FILE]\n');
    return 2;
  }
  if (process.getuid?.() !== 0) {
    process.stderr.write('The demonstration makes network namespaces: run it as root.\n');
    return 1;
  }
  await run(daemon);
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
