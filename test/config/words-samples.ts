/**
 * For every type of value: words that are good, words that are wrong and the code with which each
 * is told. What a builder reads by itself has samples by keyword.
 */
import type { Keyword, ValueType } from '../../src/config/keywords';

/** What follows the keyword, and the code of the finding. */
export type Bad = readonly [text: string, code: string];

const byWord: Readonly<Record<string, readonly string[]>> = {
  notify_webhook: ['http://192.0.2.9:8080/hook', 'https://hooks.example.net/a?b=c'],
  script: ['/usr/bin/true', '"/usr/bin/true a b"'],
  smtp_server: ['192.0.2.9', 'mail.example.com 587'],
  vrrp_mcast_group4: ['224.0.0.99'],
  vrrp_mcast_group6: ['ff02::99'],
  mcast_dst_ip: ['224.0.0.99'],
  smtp_connect_timeout: ['1', '4294'],
  vrrp_iptables: ['', 'in', 'in out'],
  vrrp_ipsets: ['', 'a', 'a b c d e'],
  lvs_timeouts: ['tcp 5', 'tcp 5 tcpfin 6 udp 7'],
  lvs_sync_daemon: ['eth0', 'eth0 VI_1 id 5 port 99', 'eth0 inst VI_1 group 224.0.0.81 ttl 9'],
  include_check: ['', 'all', '+match -wildcard'],
  use_vmac: ['', 'vrrp.51', 'name vm0 02:00:00:00:00:01 netlink_notify_msg group 3'],
  use_ipvlan: ['192.0.2.5', 'iv0 192.0.2.5/24 vepa group 3'],
  process: ['nginx', '"/usr/sbin/nginx" -g'],
  init_file: ['', '5', '5 overwrite', 'overwrite'],
  key: ['1 0123456789abcdef0123456789abcdef', `1 hex:${'00'.repeat(32)}`, '1 file:/etc/key'],
  active_key: ['1'],
  interface: ['eth7'],
  vrrp_garp_master_repeat: ['1', '9'],
  vrrp_garp_master_refresh_repeat: ['1', '9'],
  garp_master_repeat: ['1', '9'],
  garp_master_refresh_repeat: ['1', '9'],
  unicast_ttl: ['1', '254'],
  umask: ['022', '0x1f', 'IRGRP|IWOTH', 'IRGRP | IWOTH'],
  advert_int: ['1', '255'],
  on_failure: ['fault', 'weight 5'],
  url: ['http://127.0.0.1:8080/x?y=1', 'https://[::1]/'],
  status: ['200', '200-299 401'],
};

export function goodValues(row: Keyword): readonly string[] {
  return byWord[row.word] ?? goodFor(row.value);
}

function goodFor(type: ValueType): readonly string[] {
  switch (type.kind) {
    case 'flag':
      return [''];
    case 'boolean':
      return ['', 'on', 'true', 'yes', 'off', 'false', 'no'];
    case 'integer':
      return [`${type.min}`, `${type.max}`];
    case 'seconds':
      // Nothing is 0 by accident: that is told where it makes no sense.
      return [`${Math.max(1, type.min)}`, `${type.max}`, ...(type.whole ? [] : ['1.25'])];
    case 'milliseconds':
      return [`${type.min}`, `${type.max}`, `${type.min}.125`];
    case 'text':
      return [type.noun === 'path' ? '/run/x' : 'x1'];
    case 'choice':
      return type.of;
    case 'either':
      return [...type.words, ...goodFor(type.or)];
    case 'optional':
      return ['', ...goodFor(type.of)];
    case 'prefixed':
      return goodFor(type.of).flatMap((text) => [text, `${type.word} ${text}`]);
    case 'address':
      return ['192.0.2.9'];
    case 'command':
      return ['/usr/bin/true', '"/usr/bin/true a b"', '"/usr/bin/true a" nobody nogroup'];
    case 'user':
      return ['nobody', 'nobody nogroup'];
    case 'owned':
      return ['/run/x', '/run/x nobody', '/run/x nobody nogroup'];
    case 'integers':
      return ['0', '0 1 2'];
    case 'umask':
      return ['022'];
    case 'weight':
      return ['5', '-5', `${type.max} reverse`];
    case 'words':
      return type.min === 0 ? [''] : [];
    case 'block':
    case 'section':
    case 'lines':
    case 'names':
      return [];
  }
}

export function badValues(row: Keyword): readonly Bad[] {
  return badFor(row.value);
}

function badFor(type: ValueType): readonly Bad[] {
  switch (type.kind) {
    case 'flag':
    case 'words':
    case 'block':
    case 'section':
    case 'lines':
    case 'names':
    case 'command':
    case 'user':
      return [];
    case 'boolean':
      return [
        ['maybe', 'bad-boolean'],
        ['No', 'bad-boolean'],
      ];
    case 'integer':
      if (type.clamp === true) return [['x', 'not-a-number']];
      return [...outside(type.min, type.max), ['x', 'not-a-number']];
    case 'seconds':
    case 'milliseconds':
      return [...outside(type.min, type.max), ['x', 'not-a-number']];
    case 'text':
      return type.max === undefined ? [] : [['x'.repeat(type.max + 1), 'too-long']];
    case 'choice':
      return [['nonsense', 'bad-choice']];
    case 'either':
      return [['nonsense', 'bad-choice'], ...badFor(type.or).filter(([text]) => text !== 'x')];
    case 'optional':
      return badFor(type.of);
    case 'prefixed':
      return [...badFor(type.of), [type.word, 'missing-parameter']];
    case 'address':
      return [
        ['192.0.2.300', 'bad-address'],
        ['eth0', 'bad-address'],
      ];
    case 'owned':
      return [];
    case 'integers':
      return [
        ['x', 'not-a-number'],
        [`${type.of.max + 1}`, 'out-of-range'],
      ];
    case 'umask':
      return [
        ['888', 'out-of-range'],
        ['09', 'not-a-number'],
        ['IRGPR', 'bad-choice'],
      ];
    case 'weight':
      return [['x', 'not-a-number'], ...(type.clips ? [] : outside(-type.max, type.max))];
  }
}

const outside = (min: number, max: number): readonly Bad[] => [
  [`${min - 1}`, 'out-of-range'],
  [`${max + 1}`, 'out-of-range'],
];
