/**
 * The tutorial's own file, as thousands have copied it: comments, runs of ####, mail settings and
 * a track_script of weight 2. Interface and addresses apart it runs unchanged, on either side.
 */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { adverts, defects } from './decode';
import { becomes, type Daemon, type Side, start } from './failover-story';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { until } from './until';

const VIP = '192.0.2.110';

type Terms = { readonly script: string; readonly source: string; readonly priority: number };

const tutorial = ({ script, source, priority }: Terms) => `global_defs {
notification_email {
admin@centos.bz
}
notification_email_from keepalived@domain.com
smtp_server 127.0.0.1
smtp_connect_timeout 30
router_id LVS_DEVEL
}
vrrp_script chk_http_port {
script "${script}"
interval 2
weight 2
}
vrrp_instance VI_1 {
state MASTER ############ 辅机为 BACKUP
interface eth0
virtual_router_id 51 #虚拟路由ID,主备相同
mcast_src_ip ${source}
priority ${priority} # 权值要比 back 高
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

/** A node whose script succeeds while its file exists: nginx's pid file in the tutorial. */
class Watched {
  readonly daemon: Daemon;
  readonly #alive: string;

  constructor(lab: Lab, side: Side, node: string, priority: number) {
    this.#alive = join(lab.directory, `alive-${node}`);
    const script = join(lab.directory, `nginx_pid-${node}.sh`);
    writeFileSync(script, `#!/bin/sh\ntest -e ${this.#alive}\n`, { mode: 0o755 });
    this.revive();
    const config = tutorial({ script, source: lab.node(node).address, priority });
    this.daemon = start(side, lab, node, config);
  }

  revive(): void {
    writeFileSync(this.#alive, '');
  }

  die(): void {
    rmSync(this.#alive);
  }
}

async function runTutorial(master: Side): Promise<void> {
  await withLab({ nodes: ['a', 'b'] }, async (lab) => {
    const capture = await lab.capture({ filter: 'vrrp or arp' });
    const other = master === 'holdfast' ? 'keepalived' : 'holdfast';
    const a = new Watched(lab, master, 'a', 102);
    await becomes(a.daemon, 'MASTER');
    const b = new Watched(lab, other, 'b', 100);
    await becomes(b.daemon, 'BACKUP');
    const detail = () => `${a.daemon.child.tail(15)}\n${b.daemon.child.tail(15)}`;
    const latest = (node: string) =>
      adverts(capture.frames(), 51)
        .filter(({ source }) => source === lab.node(node).address)
        .at(-1)?.vrrp.priority;
    const advertises = (node: string, priority: number) =>
      until(() => latest(node) === priority, {
        what: `${node} to advertise ${priority}`,
        every: 200,
        detail,
      });
    await advertises('a', 104);
    await heldBy(lab, [VIP], 'a', detail);

    // 102 + 0 against 100 + 2: a backup does not take over from its equal (RFC 9568 §6.4.2).
    a.die();
    await advertises('a', 102);
    await heldBy(lab, [VIP], 'a', detail);

    // Once both are master the tie is decided: by address, for the higher one.
    let mark = b.daemon.mark();
    lab.pullCable('a', 'port-vanish');
    await becomes(b.daemon, 'MASTER', mark);
    mark = a.daemon.mark();
    lab.plugCable('a');
    await becomes(a.daemon, 'BACKUP', mark);
    await advertises('b', 102);
    await heldBy(lab, [VIP], 'b', detail);

    mark = b.daemon.mark();
    a.revive();
    await becomes(b.daemon, 'BACKUP', mark);
    await heldBy(lab, [VIP], 'a', detail);
    await capture.stop();
    assert.deepEqual(defects(capture.frames()), []);
    assert.ok(adverts(capture.frames(), 51).every(({ vrrp }) => vrrp.authText === '1111'));
  });
}

describe("the tutorial's own file", { concurrency: 2 }, () => {
  it('runs on holdfast as master and keepalived as backup', () => runTutorial('holdfast'));
  it('runs on keepalived as master and holdfast as backup', () => runTutorial('keepalived'));
});
