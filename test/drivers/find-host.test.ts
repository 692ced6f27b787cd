/** Names of hosts: from a hosts file, from a name server, and from one that says nothing. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { finder, inHosts, namesOf } from '../../src/drivers/find-host';

const hosts = `127.0.0.1 localhost
192.0.2.7\tAlerts.example.net alerts # 192.0.2.8 no.example.net
2001:db8::7 alerts
nonsense alerts
`;

test('a hosts file is read as hosts(5) has it', () => {
  assert.deepEqual(inHosts(hosts, 'ALERTS'), [
    { address: '192.0.2.7', family: 4 },
    { address: '2001:db8::7', family: 6 },
  ]);
  assert.deepEqual(inHosts(hosts, 'alerts.example.net'), [{ address: '192.0.2.7', family: 4 }]);
  assert.deepEqual(inHosts(hosts, 'no.example.net'), []);
});

const looked = (host: string, all: boolean, hosts = finder('/nonexistent')) =>
  new Promise<unknown>((resolve) => {
    hosts.lookup(host, { all }, (failure, address, family) =>
      resolve(failure ?? (family === undefined ? address : [address, family])),
    );
  });

test('localhost needs neither a file nor a name server', async () => {
  assert.deepEqual(await looked('localhost', false), ['127.0.0.1', 4]);
  assert.deepEqual(await looked('localhost', true), [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]);
});

/** A name server of one address; null: it says nothing. `asked`: it has been. */
async function nameServer(address: readonly number[] | null) {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const asked = once(socket, 'message');
  socket.on('message', (query, { port, address: peer }) => {
    if (address === null) return;
    // RFC 1035 §4.1: header, question, and for QTYPE A one answer with a pointer to the name.
    const end = query.indexOf(0, 12) + 5;
    const isA = query[end - 3] === 1;
    const header = [0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0];
    const answer = isA ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address] : [];
    const parts = [query.subarray(0, 2), header, query.subarray(12, end), answer];
    socket.send(Buffer.concat(parts.map((part) => Buffer.from(part))), port, peer);
  });
  const hosts = finder('/nonexistent', [`127.0.0.1:${socket.address().port}`]);
  return { hosts, asked, close: () => socket.close() };
}

test('a name server is asked for both families', async () => {
  const { hosts, close } = await nameServer([192, 0, 2, 9]);
  const found = await looked('h.example', true, hosts);
  close();
  assert.deepEqual(found, [{ address: '192.0.2.9', family: 4 }]);
});

test('the search list is that of resolv.conf(5)', async () => {
  const resolv = 'nameserver 192.0.2.53\ndomain old.example\nsearch a.example b.example .\n';
  assert.deepEqual(namesOf('mail', resolv), ['mail.a.example', 'mail.b.example', 'mail']);
  assert.deepEqual(namesOf('mail.x', resolv), ['mail.x', 'mail.x.a.example', 'mail.x.b.example']);
  assert.deepEqual(namesOf('mail.', resolv), ['mail.']);
  assert.deepEqual(namesOf('mail', ''), ['mail']);
});

test('an address is its own', async () => {
  assert.deepEqual(await looked('2001:db8::1', true), [{ address: '2001:db8::1', family: 6 }]);
});

test('a name server that says nothing holds nobody who gives up', async () => {
  const { hosts, asked, close } = await nameServer(null);
  const found = looked('h.example', true, hosts);
  await asked;
  hosts.cancel();
  assert.match(String(await found), /ECANCELLED/);
  close();
});
