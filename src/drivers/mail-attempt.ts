/**
 * One try to hand one letter to the mail server: a connection of its own, every wait bounded, and
 * a verdict that tells what concerns the letter from what concerns the server. Never throws.
 */
import type { LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { connect, isIP, type Socket } from 'node:net';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Mail } from '../config/model-mail';
import { toMilliseconds } from '../time';
import { finder } from './find-host';
import type { Answer, Verdict, Waiting } from './mail-queue';
import { envelopeAddress, type Letter } from './mail-text';

export interface Attempt {
  readonly verdict: Promise<Verdict>;
  /** Ends it at once; what it says then is of no use. */
  abort(): void;
}

/** A server may have as many addresses; more would take too long to try. */
const ADDRESSES_MAX = 4;
/** A server that answers, but a letter at a time, is given up after so many time-outs. */
const PATIENCE = 4;
/** For the QUIT of a server that took the letter. */
const FAREWELL_MS = 1000;

type Server = NonNullable<Mail['server']>;

/** Where it is; from `letter` on the server speaks of the letter. */
type Stage = 'connection' | 'greeting' | 'login' | 'letter';

interface Secrets {
  readonly password: string | null;
  readonly authorities: string | null;
}

/** `name`: what we call ourselves to the server. */
export function attempt(one: Waiting, mail: Mail, server: Server, name: string): Attempt {
  const patience = toMilliseconds(mail.connectTimeout);
  let stage: Stage = 'connection';
  let socket: Socket | null = null;
  let give: (verdict: Verdict) => void = () => undefined;
  let isOver = false;
  const giveUp = (): void => {
    isOver = true;
    give(troubleAt(stage, { message: `no end within ${(PATIENCE * patience) / 1000} s` }));
    socket?.destroy();
  };
  const verdict = new Promise<Verdict>((resolve) => {
    give = resolve;
    const limit = setTimeout(giveUp, PATIENCE * patience);
    const work = async (): Promise<Verdict> => {
      const secrets = await secretsOf(mail);
      const message = await messageOf(one.letter);
      const line = await dial(server, patience, (opening) => {
        socket = opening;
        if (isOver) opening.destroy();
      });
      if (isOver) throw new Error('given up');
      stage = 'greeting';
      const options = { mail, server, secrets, name, patience };
      return talk(line, options, { one, message }, (reached) => {
        stage = reached;
      });
    };
    void work()
      .catch((failure: unknown) => troubleAt(stage, failure))
      .then((said) => {
        clearTimeout(limit);
        resolve(said);
      });
  });
  return { verdict, abort: giveUp };
}

const messageOf = ({ id, date, from, to, subject, text }: Letter): Promise<Buffer> =>
  new MailComposer({
    messageId: `<${id}>`,
    date,
    from,
    to: to.map((address) => ({ name: '', address })),
    subject,
    text,
    // RFC 3834 §5: out-of-office replies to a router help nobody.
    headers: { 'X-Mailer': 'holdfast', 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();

async function secretsOf({ login, tls, tlsAuthorities }: Mail): Promise<Secrets> {
  const file = login?.passwordFile ?? null;
  const first = file === null ? null : ((await readFile(file, 'utf8')).split(/\r?\n/)[0] ?? '');
  const checks = tls === 'require' || tls === 'implicit';
  return {
    password: first ?? login?.password ?? null,
    authorities: checks && tlsAuthorities !== null ? await readFile(tlsAuthorities, 'utf8') : null,
  };
}

/** The first of the server's addresses that answers. `onOpening`: whom to destroy meanwhile. */
async function dial(
  { host, port }: Server,
  patience: number,
  onOpening: (socket: Socket) => void,
): Promise<Socket> {
  const found = await addressesOf(host, patience);
  let last: unknown = new Error(`${host} has no address`);
  for (const { address } of found.slice(0, ADDRESSES_MAX)) {
    const socket = connect({ host: address, port, noDelay: true });
    onOpening(socket);
    // From here on somebody always listens: an error that nobody hears ends the process.
    socket.on('error', () => undefined);
    const opened = new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('given up')));
    });
    try {
      await inTime(opened, patience, `no connection to ${address}:${port}`);
      return socket;
    } catch (failure) {
      last = failure;
      socket.destroy();
    }
  }
  throw last;
}

async function addressesOf(host: string, patience: number): Promise<readonly LookupAddress[]> {
  const hosts = finder();
  try {
    return await inTime(hosts.addresses(host), patience, `no answer about ${host}`);
  } finally {
    hosts.cancel();
  }
}

async function inTime<T>(work: Promise<T>, limit: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

interface Terms {
  readonly mail: Mail;
  readonly server: Server;
  readonly secrets: Secrets;
  readonly name: string;
  readonly patience: number;
}

function talk(
  socket: Socket,
  { mail, server, secrets, name, patience }: Terms,
  { one, message }: { readonly one: Waiting; readonly message: Buffer },
  onStage: (stage: Stage) => void,
): Promise<Verdict> {
  const { tls, login } = mail;
  const line = new SMTPConnection({
    connection: socket,
    host: server.host,
    port: server.port,
    name,
    secure: tls === 'implicit',
    ignoreTLS: tls === 'off',
    requireTLS: tls === 'require',
    opportunisticTLS: tls === 'starttls',
    tls: {
      // Whoever can change the dialogue can take out the offer, too: a check would be for show.
      rejectUnauthorized: tls !== 'starttls',
      ...(secrets.authorities === null ? {} : { ca: secrets.authorities }),
      ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
    },
    greetingTimeout: patience,
    socketTimeout: patience,
  });
  return new Promise<Verdict>((resolve) => {
    let stage: Stage = 'greeting';
    const reach = (next: Stage): void => {
      stage = next;
      onStage(next);
    };
    const fail = (failure: Failure): void => {
      resolve(troubleAt(stage, timedOut(failure, patience)));
      if (failure.responseCode !== undefined) return farewell(line, socket);
      line.close();
      socket.destroy();
    };
    const send = (): void => {
      reach('letter');
      const from = envelopeAddress(one.letter.from.address);
      line.send({ from, to: [...one.to] }, message, (failure, info) => {
        if (failure === null) resolve(taken(info.rejectedErrors ?? []));
        else if (!refusedEach(failure)) return fail(failure);
        else resolve(taken(failure.rejectedErrors));
        farewell(line, socket);
      });
    };
    line.on('error', fail);
    line.once('end', () => fail(new Error('the server hung up')));
    line.connect((failure) => {
      if (failure != null) return fail(failure);
      if (login === null) return send();
      reach('login');
      if (!allowsLogin(line)) return fail({ message: 'it offers no login', responseCode: 500 });
      const credentials = { user: login.user, pass: secrets.password ?? '' };
      line.login({ credentials }, (denied) => (denied == null ? send() : fail(denied)));
    });
  });
}

/** The library knows it; its types do not. */
const allowsLogin = (line: SMTPConnection & { readonly allowsAuth?: boolean }): boolean =>
  line.allowsAuth === true;

function farewell(line: SMTPConnection, socket: Socket): void {
  line.quit();
  const late = setTimeout(() => socket.destroy(), FAREWELL_MS);
  late.unref();
  socket.once('close', () => clearTimeout(late));
}

// ---- what an answer means

interface Failure {
  readonly message: string;
  readonly code?: string | undefined;
  readonly response?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly recipient?: string;
  readonly rejectedErrors?: readonly Failure[];
}

/** RFC 5321 §3.8: 421 closes the channel. RFC 4954 §6: 530 and 538 ask for login or encryption. */
const ofServer: ReadonlySet<number> = new Set([421, 530, 538]);

const isLasting = (code: number): boolean => code >= 500;

function troubleAt(stage: Stage, failure: unknown): Verdict {
  const { responseCode: code = 0, code: kind } = failure as Failure;
  const why = whyOf(failure as Failure, stage);
  if (stage !== 'letter' || ofServer.has(code)) {
    return { kind: 'unreachable', why, lasting: isLasting(code) };
  }
  // Our own side refuses what no server would take.
  const isOurs = code === 0 && (kind === 'EENVELOPE' || kind === 'EMESSAGE');
  return { kind: isLasting(code) || isOurs ? 'refused' : 'put-off', why };
}

const places: Readonly<Record<Stage, string>> = {
  connection: '',
  greeting: ' (at the greeting)',
  login: ' (at the login)',
  letter: ' (during the mail)',
};

/** The server's own words, where it has any. */
const whyOf = ({ response, message }: Failure, stage: Stage): string =>
  `${(response ?? message).trim().replace(/\s*\r?\n\s*/g, ' / ')}${places[stage]}`;

function timedOut(failure: Failure, patience: number): Failure {
  const isLate = failure.code === 'ETIMEDOUT';
  return isLate ? { message: `no answer within ${patience / 1000} s` } : failure;
}

/** Each recipient was refused with an answer of its own, and not because the server closes. */
const refusedEach = (
  failure: Failure,
): failure is Failure & { readonly rejectedErrors: readonly Failure[] } =>
  failure.rejectedErrors !== undefined && !ofServer.has(failure.responseCode ?? 0);

function taken(failures: readonly Failure[]): Verdict {
  const answers = (some: readonly Failure[]): readonly Answer[] =>
    some.map(({ recipient = '', response, message }) => ({
      recipient,
      answer: response ?? message,
    }));
  return {
    kind: 'taken',
    refused: answers(failures.filter(({ responseCode = 0 }) => isLasting(responseCode))),
    later: answers(failures.filter(({ responseCode = 0 }) => !isLasting(responseCode))),
  };
}
