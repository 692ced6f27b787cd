/**
 * A file with errors: every error at once with file:line:column, exit code not 0, nothing started.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Holdfast } from './holdfast';
import { withLab } from './lab';

const VIP = '192.0.2.10';

const config = `vrrp_instance VI_1 {
  state BACKUP
  interface eth0
  virtual_router_id 300
  priority 200
  virtual_ipaddress {
    ${VIP}
  }
}
vrrp_instance VI_2 {
  interface eth0
  priority 200
  virtual_ipaddress {
    192.0.2.11
  }
}
vrrp_instance VI_3 {
  interface eth0
  virtual_router_id 53
  priority 200
  virtual_ipaddress {
    192.0.2.12
  }
}
vrrp_instance VI_4 {
  interface eth0
  virtual_router_id 53
  priority
  virtual_ipaddress {
    192.0.2.13
  }
}
`;

const expected = [
  /\.conf:4:21: error.*300/,
  /\.conf:10:15: error.*VI_2 has no virtual_router_id/,
  /\.conf:27:21: error.*VRID 53 is in use/,
  /\.conf:28:3: error.*'priority' needs a value/,
];

describe('a file with errors', () => {
  it('is refused with all of them, and nothing of it is started', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const capture = await lab.capture({ filter: 'vrrp or arp' });
      const a = new Holdfast(lab, 'a', config);
      const { code } = await a.child.exited;
      assert.ok(code !== 0 && code !== null, a.child.output);
      for (const one of expected) assert.match(a.child.output, one);
      assert.equal(a.child.find(/Startup complete/), undefined);
      assert.ok(!a.child.lines.some((line) => /^\s+at .*\.js:/.test(line)), 'no stack trace');
      await capture.stop();
      assert.deepEqual(capture.frames(), []);
      assert.deepEqual(
        lab.addresses('a').filter((address) => /^192/.test(address)),
        [lab.node('a').address],
      );
    });
  });

  it('that does not exist is an error, not a crash', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const main = `${__dirname}/../../src/main.js`;
      const command = [process.execPath, main, 'run', '-f', `${lab.directory}/none.conf`];
      const child = lab.spawn('a', command);
      const { code } = await child.exited;
      assert.ok(code !== 0 && code !== null);
      assert.match(child.output, /cannot read .*none\.conf/);
    });
  });
});
