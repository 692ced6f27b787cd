/**
 * What may stand outside every block.
 */
import { any, block, boolean, flag, named, rows, section, text, wholeSeconds } from './keyword-row';
import { bfdPart } from './keywords-bfd';
import { serverPart } from './keywords-server';

const servers = { part: serverPart };

export const rootRows = rows('root', [
  ['global_defs', block, 'active', 'holds what is common to all instances'],
  ['vrrp_instance', named, 'active', 'is one virtual router', { reference: 'RFC 9568 §6' }],
  ['vrrp_sync_group', named, 'active', 'keeps instances in one state'],
  ['vrrp_script', named, 'active', 'is a check that instances can track'],
  ['holdfast', block, 'active', 'holds what only holdfast knows', { reference: 'holdfast' }],

  ['nginx', block, 'decisive', 'supervises nginx', { reference: 'holdfast' }],
  ['nginx_upstream', named, 'accepted', 'is a pool of servers', { reference: 'holdfast' }],

  ['vrrp_track_process', named, 'accepted', 'counts processes for instances to track'],
  ['track_file', named, 'accepted', 'reads a number from a file for instances to track'],
  ['vrrp_track_file', named, 'accepted', 'reads a number from a file for instances to track'],
  ['track_group', named, 'accepted', 'ties static addresses to instances'],
  ['bfd_instance', named, 'accepted', 'watches a neighbour by BFD', { part: bfdPart }],
  ['interface_up_down_delays', block, 'decisive', 'delays what a link flap does to instances'],
  ['garp_group', block, 'accepted', 'paces announcements over several interfaces'],
  ['linkbeat_interfaces', block, 'accepted', 'polls interfaces for their carrier'],
  ['linkbeat_use_polling', flag, 'accepted', 'polls interfaces for their carrier'],

  ['static_ipaddress', block, 'decisive', 'holds addresses whoever is master'],
  ['static_routes', block, 'decisive', 'holds routes whoever is master'],
  ['static_rules', block, 'decisive', 'holds policy rules whoever is master'],

  ['virtual_server', section(1, 2), 'accepted', 'balances load over real servers', servers],
  ['virtual_server_group', section(1, 1), 'accepted', 'names several virtual servers', servers],
  ['SSL', block, 'accepted', 'holds the key and certificates of the SSL checks', servers],

  ['net_namespace', text, 'decisive', 'moves everything to another network namespace'],
  ['net_namespace_ipvs', any, 'accepted', 'moves IPVS to another network namespace'],
  ['namespace_with_ipsets', flag, 'accepted', 'says that ipsets know namespaces'],
  ['use_pid_dir', boolean, 'accepted', 'puts the pid files in a directory'],
  ['instance', text, 'accepted', 'tells several daemons on one host apart'],
  ['child_wait_time', wholeSeconds(0, 4294), 'accepted', 'waits for child processes to stop'],
]);
