/**
 * A mail server as a process of its own, for a node of the lab: says its port, then each mail that
 * it takes, one JSON object a line.
 */
import { type MailServer, mailServer, polite } from '../drivers/mail-server';

async function main(): Promise<void> {
  const server: MailServer = await mailServer(polite);
  process.stdout.write(`${JSON.stringify({ port: server.port })}\n`);
  let told = 0;
  setInterval(() => {
    for (; told < server.received.length; told += 1) {
      process.stdout.write(`${JSON.stringify(server.received[told])}\n`);
    }
  }, 20);
}

void main();
