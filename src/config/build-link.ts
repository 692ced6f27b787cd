/**
 * The interface of an instance: the one it names, the one it may put on top of it (use_vmac,
 * use_ipvlan), or none at all, where unicast goes wherever the routes lead.
 */
import { error, type Report, warning } from './diagnostic';
import { formatIp, isLinkLocal, parseIp } from './ip';
import type { Family, Peer } from './model';
import type { InstanceLink, OwnInterface } from './model-instance';
import type { Word } from './parser';
import { type Reading, reportInactive, type Session } from './read';
import { directiveOf, isSet, numberOf, placeOf, textOf } from './values';

/** IFNAMSIZ without its terminator. */
const nameLengthMax = 15;

export const isInterfaceName = (name: string): boolean =>
  name !== '' && !/[\s/]/.test(name) && Buffer.byteLength(name) <= nameLengthMax;

export interface LinkFacts {
  /** undefined: there should be one. */
  readonly interface: string | null | undefined;
  readonly family: Family;
  readonly peers: readonly Peer[];
  readonly strict: boolean;
}

export function buildLink(reading: Reading, facts: LinkFacts, report: Report): InstanceLink {
  const ownInterface = ownInterfaceOf(reading, facts, report);
  return {
    ownInterface,
    addressVmacs: isSet(reading, 'use_vmac_addr'),
    xmitBase: xmitBaseOf(reading, ownInterface, facts, report),
    vrf: vrfOf(reading, facts, report),
    promoteSecondaries: isSet(reading, 'promote_secondaries'),
    receiveBuffer: numberOf(reading, 'kernel_rx_buf_size') ?? 0,
    syncDaemonInterface: textOf(reading, 'lvs_sync_daemon_interface'),
  };
}

/** Undefined: there is none, and the instance cannot be without; the reason is told. */
export function interfaceOf(
  name: string,
  reading: Reading,
  peers: readonly Peer[],
  source: string | null,
  session: Session,
): string | null | undefined {
  const { report } = session;
  const device = textOf(reading, 'interface');
  if (device !== null) {
    if (isInterfaceName(device)) return device;
    report(
      error('bad-interface', placeOf(reading, 'interface'), `'${device}' cannot be an interface`, {
        why: `the name of an interface has 1 to ${nameLengthMax} characters`,
      }),
    );
    return undefined;
  }
  if (reading.attempted.has('interface')) return undefined;
  if (peers.length === 0 || source === null) {
    reportMissing(name, reading, peers, report);
    return undefined;
  }
  const local = [source, ...peers.map(({ address }) => address)].find(isLocal);
  if (local !== undefined) {
    report(
      error('missing-interface', reading.span, `vrrp_instance ${name} has no interface`, {
        why: `${local} is link-local: it means nothing without one`,
        help: 'interface eth0',
      }),
    );
    return undefined;
  }
  reportInactive('unicast without an interface', reading.span, null, session);
  return null;
}

const isLocal = (address: string): boolean => {
  const ip = parseIp(address);
  return ip !== null && ip.family === 6 && isLinkLocal(ip);
};

function reportMissing(
  name: string,
  reading: Reading,
  peers: readonly Peer[],
  report: Report,
): void {
  const unicast = peers.length > 0;
  report(
    error('missing-interface', reading.span, `vrrp_instance ${name} has no interface`, {
      why: unicast
        ? 'unicast can do without, but then it needs unicast_src_ip'
        : 'adverts have to go somewhere',
      help: unicast ? 'unicast_src_ip ADDRESS, or interface eth0' : 'interface eth0',
    }),
  );
}

function ownInterfaceOf(reading: Reading, facts: LinkFacts, report: Report): OwnInterface | null {
  const word = isSet(reading, 'use_vmac') ? 'use_vmac' : 'use_ipvlan';
  const directive = directiveOf(reading, word);
  if (directive === null) return null;
  const span = directive.keyword.span;
  if (word === 'use_vmac' && isSet(reading, 'use_ipvlan')) {
    report(
      warning('one-own-interface', placeOfKeyword(reading, 'use_ipvlan'), 'use_vmac is set too', {
        label: 'ignored',
        related: [{ span, what: 'this one counts' }],
      }),
    );
  }
  if (facts.interface === null) {
    report(
      warning('needs-interface', span, `${word} needs an interface to stand on`, {
        label: 'ignored',
        help: 'interface eth0',
      }),
    );
    return null;
  }
  const words = directive.words;
  return word === 'use_vmac' ? vmacOf(words, report) : ipvlanOf(words, facts, span, report);
}

const placeOfKeyword = (reading: Reading, word: string) =>
  directiveOf(reading, word)?.keyword.span ?? reading.span;

interface Draft {
  name: string | null;
  group: number;
}

/** `name X`, `group N`, or a bare name; true when the words were of that kind. */
function readCommon(draft: Draft, words: Word[], report: Report): void {
  const word = words.shift();
  if (word === undefined) return;
  const { text } = word;
  if (text === 'group') {
    const value = words.shift();
    const number = /^\d{1,10}$/.test(value?.text ?? '') ? Number(value?.text) : -1;
    if (number >= 0 && number <= 4294967295) draft.group = number;
    else reportWord(value ?? word, "'group' needs a number", report);
    return;
  }
  const name = text === 'name' && words[0] !== undefined ? words.shift() : word;
  if (name === undefined) return;
  if (draft.name !== null) {
    reportWord(name, `the interface has a name already: '${draft.name}'`, report);
  } else if (isInterfaceName(name.text)) {
    draft.name = name.text;
  } else {
    reportWord(name, `'${name.text}' cannot be the name of an interface`, report);
  }
}

function reportWord(word: Word, what: string, report: Report): void {
  report(warning('bad-own-interface', word.span, what, { label: 'ignored' }));
}

function vmacOf(given: readonly Word[], report: Report): OwnInterface {
  const draft = { name: null as string | null, group: 0, mac: null as string | null };
  let notifies = false;
  const words = [...given];
  for (let word = words[0]; word !== undefined; word = words[0]) {
    if (word.text === 'netlink_notify_msg') {
      notifies = true;
      words.shift();
    } else if (word.text.includes(':')) {
      draft.mac = macOf(word, draft.mac, report);
      words.shift();
    } else {
      readCommon(draft, words, report);
    }
  }
  return { kind: 'vmac', ...draft, notifies };
}

/** Five or six octets; the VRID follows the five. Null or what was there: not one to use. */
function macOf(word: Word, before: string | null, report: Report): string | null {
  if (before !== null) {
    reportWord(word, `the interface has a MAC address already: ${before}`, report);
    return before;
  }
  const mac = word.text.toLowerCase();
  const octets = mac.split(':');
  if (!/^([0-9a-f]{1,2}:){4,5}[0-9a-f]{1,2}$/.test(mac)) {
    reportWord(word, `'${word.text}' is not a MAC address of five or six octets`, report);
  } else if ((Number.parseInt(octets[0] ?? '', 16) & 1) === 1) {
    reportWord(word, `${word.text} is a multicast address`, report);
  } else if (/^0?0:0?0:5e:0?0:0?[12](:|$)/.test(mac)) {
    reportWord(word, `${word.text} is what VRRP uses anyway`, report);
  } else {
    return octets.map((octet) => octet.padStart(2, '0')).join(':');
  }
  return null;
}

const modes = ['bridge', 'private', 'vepa'] as const;
type Mode = (typeof modes)[number];

function ipvlanOf(
  given: readonly Word[],
  facts: LinkFacts,
  span: Word['span'],
  report: Report,
): OwnInterface {
  const draft = { name: null as string | null, group: 0 };
  let address: string | null = null;
  let mode: Mode | null = null;
  const words = [...given];
  for (let word = words[0]; word !== undefined; word = words[0]) {
    const text = word.text;
    const asMode = modes.find((one) => one === text);
    const asAddress = prefixedAddress(text);
    if (asMode === undefined && asAddress === null) {
      readCommon(draft, words, report);
      continue;
    }
    words.shift();
    if (asMode !== undefined) {
      if (mode !== null) reportWord(word, `the mode is ${mode} already`, report);
      mode ??= asMode;
    } else if (asAddress !== null) {
      if (address !== null) reportWord(word, `the address is ${address} already`, report);
      else if (asAddress.family === facts.family) address = asAddress.text;
      else reportWord(word, `${text} is not an IPv${facts.family} address`, report);
    }
  }
  if (address === null && facts.family === 4) {
    report(
      warning('ipvlan-without-address', span, 'use_ipvlan needs an IPv4 address of its own', {
        label: 'stays in FAULT without',
        help: 'use_ipvlan 192.0.2.5',
      }),
    );
  }
  return { kind: 'ipvlan', ...draft, address, mode: mode ?? 'bridge' };
}

function prefixedAddress(text: string): { readonly family: Family; readonly text: string } | null {
  const [host = '', prefix, ...rest] = text.split('/');
  const ip = parseIp(host);
  if (ip === null || rest.length > 0) return null;
  if (prefix === undefined) return { family: ip.family, text: formatIp(ip) };
  const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : 129;
  return length <= (ip.family === 4 ? 32 : 128)
    ? { family: ip.family, text: `${formatIp(ip)}/${length}` }
    : null;
}

/** Unicast from a use_vmac interface would not be heard: it goes from the one below. */
function xmitBaseOf(
  reading: Reading,
  ownInterface: OwnInterface | null,
  facts: LinkFacts,
  report: Report,
): boolean {
  const span = placeOfKeyword(reading, 'vmac_xmit_base');
  const asked = isSet(reading, 'vmac_xmit_base');
  const drop = (what: string, why: string | null): false => {
    report(warning('xmit-base-cleared', span, what, { label: 'ignored', why }));
    return false;
  };
  if (ownInterface?.kind !== 'vmac') {
    return asked && drop('vmac_xmit_base is only for use_vmac', null);
  }
  if (asked && facts.strict) {
    return drop('vmac_xmit_base does not go with strict mode', 'RFC 9568 §7.3 asks for the VMAC');
  }
  if (asked || facts.peers.length === 0) return asked;
  report(
    warning('xmit-base-set', placeOfKeyword(reading, 'use_vmac'), 'unicast with use_vmac', {
      label: 'vmac_xmit_base counts as set',
      why: 'an answer to the VMAC would not find its way back',
      help: 'vmac_xmit_base says that this is meant',
    }),
  );
  return true;
}

function vrfOf(reading: Reading, facts: LinkFacts, report: Report): string | null {
  const vrf = textOf(reading, 'vrf');
  if (vrf === null || facts.interface === null) return vrf;
  report(
    warning('vrf-with-interface', placeOf(reading, 'vrf'), 'vrf is for an instance without one', {
      label: 'ignored',
      why: 'the interface is in a VRF by itself',
    }),
  );
  return null;
}
