/**
 * A webhook's target as a process of its own, for a node of the lab: says its port, then each
 * event it is sent, one JSON object a line. A SIGUSR1 lets it fall silent: it reads and says nothing.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let isSilent = false;
process.on('SIGUSR1', () => {
  isSilent = true;
  process.stdout.write('{"silent":true}\n');
});

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { 'idempotency-key': key, authorization } = request.headers;
    const event: unknown = JSON.parse(Buffer.concat(parts).toString());
    process.stdout.write(`${JSON.stringify({ key, authorization, event })}\n`);
    if (!isSilent) response.writeHead(204).end();
  });
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
