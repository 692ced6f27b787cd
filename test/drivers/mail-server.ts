/**
 * A mail server that does what a test wants at each step of a dialogue: answers as it should, with
 * another answer, not at all, or by hanging up. On loopback, at a port that the kernel chooses.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** The steps of a dialogue; `dot` is the end of the letter. */
export type Step = 'greeting' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'dot' | 'quit';

/** `hang`: no answer. `drop`: no answer, and no connection. Else the answer. */
export type Manner = 'hang' | 'drop' | string;

/** What differs from good manners; `nth` connection from 0, `words` behind the command. */
export type Mood = (step: Step, nth: number, words: string) => Manner | null;

export interface Received {
  readonly id: string;
  readonly subject: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  /** behind the headers. */
  readonly body: string;
  /** whether the sender was told that it was taken. */
  readonly told: boolean;
}

export interface MailServer {
  readonly port: number;
  /** in the order in which they were taken. */
  readonly received: Received[];
  readonly connections: () => number;
  mood: Mood;
  close(): Promise<void>;
}

export const polite: Mood = () => null;

const usual: Readonly<Record<Step, string>> = {
  greeting: '220 test',
  ehlo: '250 test',
  mail: '250 ok',
  rcpt: '250 ok',
  data: '354 go on',
  dot: '250 taken',
  quit: '221 bye',
};

/** `port`: where it was before it went away; 0 is any. */
export async function mailServer(mood: Mood = polite, port = 0): Promise<MailServer> {
  const open = new Set<Socket>();
  let count = 0;
  const listener = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    attend(socket, self, count);
    count += 1;
  });
  await listening(listener, port);
  const self: MailServer = {
    port: (listener.address() as AddressInfo).port,
    received: [],
    connections: () => count,
    mood,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
  return self;
}

const listening = (listener: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', resolve);
  });

function attend(socket: Socket, self: MailServer, nth: number): void {
  let rest = '';
  let letter: string | null = null;
  let from = '';
  let to: string[] = [];
  /** false: the dialogue ends here. */
  const say = (step: Step, words = ''): string | null => {
    const manner = self.mood(step, nth, words) ?? usual[step];
    if (manner === 'hang') return null;
    if (manner === 'drop') {
      socket.destroy();
      return null;
    }
    socket.write(`${manner}\r\n`);
    return manner;
  };
  const command = (line: string): void => {
    const [verb = ''] = line.split(/[ :]/);
    switch (verb.toUpperCase()) {
      case 'EHLO':
      case 'HELO':
        say('ehlo', line);
        return;
      case 'MAIL':
        from = addressIn(line);
        to = [];
        say('mail', from);
        return;
      case 'RCPT':
        if (say('rcpt', addressIn(line))?.startsWith('2') === true) to.push(addressIn(line));
        return;
      case 'DATA':
        if (say('data')?.startsWith('3') === true) letter = '';
        return;
      case 'QUIT':
        say('quit');
        socket.end();
        return;
      default:
        socket.write('502 what?\r\n');
    }
  };
  const take = (line: string): void => {
    if (letter === null) return command(line);
    if (line !== '.') {
      letter += `${line.startsWith('.') ? line.slice(1) : line}\r\n`;
      return;
    }
    const done = letter;
    letter = null;
    // A `drop` here is after it was taken: the sender cannot know.
    const manner = self.mood('dot', nth, done) ?? usual.dot;
    const isTaken = manner === 'drop' || manner.startsWith('2');
    if (isTaken) self.received.push(receivedOf(done, from, to, manner !== 'drop'));
    say('dot', done);
  };
  socket.on('data', (chunk) => {
    rest += chunk.toString('utf8');
    const lines = rest.split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  say('greeting');
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';

function receivedOf(raw: string, from: string, to: readonly string[], told: boolean): Received {
  const end = raw.indexOf('\r\n\r\n');
  return {
    id: headerOf(raw, 'Message-ID'),
    subject: headerOf(raw, 'Subject'),
    from,
    to,
    raw,
    body: raw.slice(end + 4).replace(/\r\n/g, '\n'),
    told,
  };
}

/** Unfolded, as it stands: encoded words stay encoded. */
export function headerOf(raw: string, name: string): string {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const line = head
    .split('\r\n')
    .find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line === undefined ? '' : line.slice(name.length + 1).trim();
}
