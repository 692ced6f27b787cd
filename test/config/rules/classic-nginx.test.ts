/** The nginx check of the tutorials, in its variants: what really happens. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'classic-nginx-check';
const count = 'counter=$(ps -C nginx --no-heading|wc -l)';
const classic = `#!/bin/bash
${count}
if [ "\${counter}" = "0" ]; then
    /usr/local/nginx/sbin/nginx
    sleep 3
    ${count}
    if [ "\${counter}" = "0" ]; then
        killall keepalived
    fi
fi
`;
const host = (script: string) => machine({ scripts: { '/opt/chk': script } });
const text = (script: string, lines = 'priority 102'): string =>
  file(`${lines}\ntrack_script { chk }`, { script });

test('with interval 2 and weight 2: killed in its sleep, and then a tie', () => {
  const [said, ...more] = findings(code, text('interval 2\nweight 2'), host(classic));
  assert.deepEqual(more, []);
  assert.deepEqual([said?.severity, said?.at], ['warning', '9:"/opt/chk"']);
  assert.match(
    said?.why ?? '',
    /after 2 s \(its interval.*in 'sleep 3' \(line 5\), before it comes to 'killall keepalived' \(line 8\)/,
  );
  assert.match(said?.why ?? '', /takes 104 to 102: a peer at 100 \+ 2 = 102 is equal/);
  assert.deepEqual(said?.see, ['/opt/chk:5:sleep 3', '/opt/chk:8:killall keepalived']);
  assert.match(said?.help ?? '', /^nginx \{\n {4}binary \/usr\/local\/nginx\/sbin\/nginx\n/m);
  // The same is not said again in other words.
  assert.deepEqual(places('small-weight', text('interval 2\nweight 2'), host(classic)), []);
  assert.deepEqual(places('sleepy-script', text('interval 2\nweight 2'), host(classic)), []);
  assert.deepEqual(places('stops-keepalived', text('interval 2\nweight 2'), host(classic)), []);
});

test('without a weight the killed run is a fault', () => {
  assert.match(
    findings(code, text('interval 2'), host(classic))[0]?.why ?? '',
    /and the addresses go$/,
  );
});

test('with time enough it stops a daemon that is not this one', () => {
  const [said] = findings(code, text('interval 5'), host(classic));
  assert.match(
    said?.why ?? '',
    /'killall keepalived' \(line 8\) stops the daemon for good.*does not stop holdfast/,
  );
  assert.deepEqual(said?.see, ['/opt/chk:8:killall keepalived']);
});

test('the variants', () => {
  for (const script of [
    '#!/bin/sh\nif ! pidof nginx; then systemctl restart nginx\nsleep 2\n' +
      'pidof nginx || systemctl stop keepalived; fi\n',
    `#!/bin/bash
if [ \`ps -C nginx --no-header |wc -l\` -eq 0 ];then
systemctl start nginx.service
sleep 2
if [ \`ps -C nginx --no-header |wc -l\` -eq 0 ];then
killall -9 keepalived
fi
fi
`,
    '#!/bin/sh\nkillall -0 nginx || { service nginx start; sleep 2; killall -0 nginx || service keepalived stop; }\n',
    '#!/bin/sh\npgrep nginx || /etc/init.d/nginx restart\nsleep 2\n',
  ]) {
    const [said] = findings(code, text('interval 2'), host(script));
    assert.match(said?.why ?? '', /is ended after 2 s/, script);
  }
  const restarts = '#!/bin/sh\npidof nginx || systemctl restart nginx\n';
  assert.match(
    findings(code, text('interval 2'), host(restarts))[0]?.why ?? '',
    /starts nginx on a BACKUP/,
  );
});

test('a check that only looks is fine', () => {
  for (const script of [
    '#!/bin/sh\npidof nginx\n',
    '#!/bin/sh\nnginx -t && curl -f http://127.0.0.1/\n',
    '#!/bin/sh\n# systemctl restart nginx\nsystemctl is-active nginx\n',
    '#!/bin/sh\npidof haproxy || systemctl restart haproxy\n',
  ]) {
    assert.deepEqual(places(code, text('interval 2'), host(script)), [], script);
  }
  assert.deepEqual(places(code, text('interval 2')), []);
});
