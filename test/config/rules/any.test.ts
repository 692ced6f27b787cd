/**
 * All rules at once: whatever the file and the host, no exception; a good file has nothing said
 * about it; and rules stay quick where there is much to look at.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Program } from '../../../src/config/host';
import { loadConfig } from '../../../src/config/load';
import { render } from '../../../src/config/render';
import { machine } from './rule';

const folder = join(process.cwd(), 'test/config');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.conf'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

const host = (program: Program) => ({
  ...machine({ interfaces: { eth0: ['192.0.2.1'] }, files: { '/etc/passwd': 'root:x:0:0\n' } }),
  program: () => program,
});

test('any file on any host', () => {
  const words =
    'nginx start sleep 3 ; \n if then fi $( ) keepalived killall systemctl – “ { } &'.split(' ');
  const text = fc.array(fc.constantFrom(...words)).map((some) => `#!/bin/sh\n${some.join(' ')}`);
  const program = fc.oneof(
    text.map((one): Program => ({ kind: 'program', text: one })),
    fc.constantFrom<Program>({ kind: 'missing' }, { kind: 'not-executable' }),
    fc.constant<Program>({ kind: 'unsafe', component: '/opt', text: null }),
  );
  const place = fc.nat({ max: 5000 });
  fc.assert(
    fc.property(fc.constantFrom(...files), place, place, program, (file, from, length, found) => {
      const at = from % file.length;
      const cut = file.slice(0, at) + file.slice(at + (length % 60));
      for (const one of loadConfig('t', cut, host(found)).diagnostics)
        render(one, { color: false });
    }),
    { numRuns: 400 },
  );
});

const good = (n: number): string => `vrrp_script chk_${n} {
  script "/opt/chk"
  interval 2
  fall 2
}
vrrp_instance VI_${n} {
  interface eth0
  virtual_router_id ${1 + (n % 255)}
  priority 100
  unicast_src_ip 192.0.2.1
  unicast_peer {
    198.51.${Math.floor(n / 255)}.9
  }
  track_script {
    chk_${n}
  }
  virtual_ipaddress {
    10.0.${n >> 8}.${n & 255}
  }
}
`;

const careful = 'global_defs {\nenable_script_security\nscript_user root\n}\n';
const looks: Program = { kind: 'program', text: '#!/bin/sh\ncurl -f http://127.0.0.1/\n' };

test('a good file on the host it was written for', () => {
  const { diagnostics } = loadConfig('t', careful + good(7), host(looks));
  assert.deepEqual(
    diagnostics.flatMap(({ code, what }) => (code === 'not-yet-active' ? [] : [what])),
    [],
  );
});

test('a thousand instances and scripts', () => {
  const text = careful + Array.from({ length: 1000 }, (_, n) => good(n)).join('');
  const from = Date.now();
  assert.deepEqual(loadConfig('t', text, host(looks)).diagnostics, []);
  assert.ok(Date.now() - from < 5000, `${Date.now() - from} ms`);
});
