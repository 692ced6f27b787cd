/**
 * lvs_method and its options: how packets reach a real server. What cannot be read leaves the
 * default, a tunnel with an option it does not know is a plain one, as in keepalived.
 */
import { didYouMean, type Report, warning } from './diagnostic';
import type { Forwarding } from './model-server';
import type { Word } from './parser';

const portMax = 65535;
const methods = ['NAT', 'DR', 'TUN'];
const tunnels = ['ipip', 'gue', 'gre'];
const checksums: ReadonlyMap<string, Checksum> = new Map([
  ['nocsum', 'none'],
  ['csum', 'csum'],
  ['remcsum', 'remcsum'],
]);

type Checksum = 'none' | 'csum' | 'remcsum';

const plainTunnel: Forwarding = { kind: 'ipip' };

/** Null: it is no method at all. */
export function buildForwarding(words: readonly Word[], report: Report): Forwarding | null {
  const [method, ...options] = words;
  if (method === undefined) return null;
  switch (method.text) {
    case 'NAT':
    case 'DR':
      reportOptions(method, options, report);
      return { kind: method.text === 'NAT' ? 'nat' : 'direct' };
    case 'TUN':
      return buildTunnel(options, report);
    default: {
      const near = didYouMean(method.text, methods);
      report(
        warning('bad-choice', method.span, `'${method.text}' is not NAT, DR or TUN`, {
          label: 'ignored',
          help: near === null ? null : `did you mean '${near}'?`,
        }),
      );
      return null;
    }
  }
}

function reportOptions(method: Word, options: readonly Word[], report: Report): void {
  const [option] = options;
  if (option === undefined) return;
  report(
    warning('bad-option', option.span, `${method.text} takes no option, found '${option.text}'`, {
      label: 'ignored',
    }),
  );
}

interface Options {
  readonly type: string;
  readonly port: number | null;
  readonly checksum: Checksum | null;
}

function buildTunnel(words: readonly Word[], report: Report): Forwarding {
  const wrong = (word: Word | undefined, what: string): Forwarding => {
    const place = word ?? words.at(-1);
    if (place !== undefined) {
      report(
        warning('bad-tunnel', place.span, what, {
          label: 'a plain ipip tunnel counts',
          help: 'TUN [type ipip | gue port N [csum|remcsum] | gre [csum]]',
        }),
      );
    }
    return plainTunnel;
  };
  const options = readOptions(words);
  if ('wrong' in options) return wrong(options.wrong, options.what);
  const { type, port, checksum } = options;
  switch (type) {
    case 'gue':
      return port === null
        ? wrong(words.at(-1), 'a gue tunnel needs a port')
        : { kind: 'gue', port, checksum: checksum ?? 'none' };
    case 'gre':
      if (port !== null) return wrong(words.at(-1), 'a gre tunnel has no port');
      return checksum === 'remcsum'
        ? wrong(words.at(-1), 'a gre tunnel has no remote checksum')
        : { kind: 'gre', checksum: checksum ?? 'none' };
    default:
      return port !== null || checksum !== null
        ? wrong(words.at(-1), 'an ipip tunnel has no port and no checksum')
        : plainTunnel;
  }
}

interface Wrong {
  readonly wrong: Word | undefined;
  readonly what: string;
}

function readOptions(words: readonly Word[]): Options | Wrong {
  let options: Options = { type: 'ipip', port: null, checksum: null };
  for (let at = 0; at < words.length; at++) {
    const option = words[at];
    const value = words[at + 1];
    const checksum = checksums.get(option?.text ?? '');
    if (checksum !== undefined) {
      options = { ...options, checksum };
    } else if (option?.text === 'type') {
      if (value === undefined) return { wrong: option, what: 'the type of the tunnel is missing' };
      if (!tunnels.includes(value.text)) {
        return { wrong: value, what: `'${value.text}' is not ${tunnels.join(', ')}` };
      }
      options = { ...options, type: value.text };
      at++;
    } else if (option?.text === 'port') {
      const port = /^\d+$/.test(value?.text ?? '') ? Number(value?.text) : 0;
      if (port < 1 || port > portMax) {
        return { wrong: value ?? option, what: `a tunnel's port must be 1..${portMax}` };
      }
      options = { ...options, port };
      at++;
    } else {
      return { wrong: option, what: `unknown word '${option?.text}' after TUN` };
    }
  }
  return options;
}
