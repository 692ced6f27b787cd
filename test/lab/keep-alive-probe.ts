/**
 * Runs in the client's namespace: fetches a URL at a fixed pace over kept connections, as a browser
 * or a proxy does, and prints the instant of each good answer with who gave it. What is not
 * answered in time loses its connection; nothing waits for it.
 */
import { Agent, get } from 'node:http';

const clock = (): number => performance.timeOrigin + performance.now();

function ask(url: string, agent: Agent, timeout: number): void {
  const request = get(url, { agent }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      body += text;
    });
    response.on('end', () => {
      clearTimeout(limit);
      if (response.statusCode === 200) process.stdout.write(`${clock()} ${body}\n`);
    });
    response.on('error', () => undefined);
  });
  request.on('error', () => clearTimeout(limit));
  const limit = setTimeout(() => request.destroy(), timeout);
}

function main(url: string, period: number, timeout: number): void {
  const agent = new Agent({ keepAlive: true });
  const start = performance.now();
  let sent = 0;
  const next = (): void => {
    // What was missed while this process had no CPU is not made up for in a burst.
    const due = Math.floor((performance.now() - start) / period);
    if (due > sent) ask(url, agent, timeout);
    sent = Math.max(sent, due);
    setTimeout(next, Math.max(0, start + (sent + 1) * period - performance.now()));
  };
  next();
}

if (require.main === module) {
  const [url = '', period = '5', timeout = '200'] = process.argv.slice(2);
  main(url, Number(period), Number(timeout));
}
