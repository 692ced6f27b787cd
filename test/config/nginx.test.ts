/** `nginx { }`: its defaults, what can be wrong in it, and what a copied check is answered with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import type { Nginx } from '../../src/config/model-nginx';
import { print } from '../../src/config/print';
import { locate, slice } from '../../src/config/source';
import { toMilliseconds } from '../../src/time';

const instance = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 7
  virtual_ipaddress { 192.0.2.100 }
}
`;

const load = (text: string) => loadConfig('t', `${instance}${text}`);

function only(text: string): Nginx {
  const { config, diagnostics } = load(text);
  const [service] = config?.services ?? [];
  assert.ok(service, diagnostics.map(({ what }) => what).join('\n'));
  assert.deepEqual(diagnostics, []);
  return service;
}

/** 'error bad-url http://x', one for each finding. */
const said = (text: string): readonly string[] =>
  load(text).diagnostics.map(
    ({ severity, code, span }) => `${severity} ${code} ${slice(locate(span).span)}`,
  );

test('an empty block supervises the nginx of the distribution', () => {
  const nginx = only('nginx { }');
  assert.deepEqual(
    [nginx.name, nginx.binary, nginx.config, nginx.pidFile, nginx.systemdUnit],
    ['nginx', '/usr/sbin/nginx', null, '/run/nginx.pid', null],
  );
  assert.deepEqual([nginx.probe, nginx.workersMin, nginx.weight], [null, 1, 0]);
  assert.equal(toMilliseconds(nginx.grace), 200);
  assert.equal(nginx.restart.attempts, 5);
  assert.deepEqual([nginx.masterOnly, nginx.instances], [false, null]);
});

test('every word of it', () => {
  const nginx = only(`nginx web {
  binary /opt/nginx/sbin/nginx
  config /opt/nginx/web.conf
  pid_file /run/web.pid
  systemd_unit nginx@web
  probe {
    url https://[::1]:8443/healthz?deep=1
    host www.example.org
    status 200-299 401
    interval 0.5
    timeout 0.25
    rise 3
    fall 4
    through_vip on
  }
  workers 4
  on_failure weight 20
  grace 0.5
  restart {
    attempts 3
    within 30
    backoff 0.5
  }
  start_on_master_only
  instances { VI_1 }
}`);
  assert.equal(nginx.name, 'web');
  assert.equal(nginx.weight, 20);
  assert.deepEqual(nginx.instances, ['VI_1']);
  const { probe } = nginx;
  assert.ok(probe);
  assert.deepEqual(
    [probe.address, probe.port, probe.tls, probe.path, probe.host],
    ['::1', 8443, true, '/healthz?deep=1', 'www.example.org'],
  );
  assert.deepEqual(probe.status, [
    [200, 299],
    [401, 401],
  ]);
  const { config } = load('nginx { probe { url http://localhost/ } }');
  assert.ok(config);
  assert.match(print(config), /url http:\/\/127\.0\.0\.1:80\/\n +host localhost\n/);
});

test('what is wrong in it is an error where it stands', () => {
  const probe = (line: string) => `nginx {\nprobe {\n${line}\n}\n}`;
  for (const [text, finding] of [
    ['nginx {\nbinary nginx\n}', 'error bad-path nginx'],
    [probe('url http://www.example.org/'), 'error bad-url http://www.example.org/'],
    [probe('url http://127.0.0.1:70000/'), 'error bad-url http://127.0.0.1:70000/'],
    [probe('url ftp://127.0.0.1/'), 'error bad-url ftp://127.0.0.1/'],
    [probe('host "a b"'), 'error bad-host "a b"'],
    [probe('status 200 99'), 'error bad-status 99'],
    [probe('status 300-200'), 'error bad-status 300-200'],
    ['nginx {\non_failure weight\n}', 'error bad-choice weight'],
    ['nginx {\non_failure weight 254\n}', 'error bad-choice 254'],
    ['nginx {\non_failure fall\n}', 'error bad-choice fall'],
    ['nginx {\ninstances { VI_2 }\n}', 'error unknown-instance VI_2'],
    ['nginx {\n}\nnginx {\npid_file /run/b.pid\n}', 'error duplicate-name nginx'],
    ['nginx {\n}\nnginx b {\n}', 'error shared-pid-file nginx'],
    ['nginx\n', 'error missing-block nginx'],
  ] as const) {
    const found = said(text);
    assert.ok(found.includes(finding), `${text}: ${found.join()}`);
    assert.equal(load(text).config, null, text);
  }
  assert.deepEqual(said('nginx {\nbianry /x\n}'), ['warning unknown-keyword bianry']);
});
