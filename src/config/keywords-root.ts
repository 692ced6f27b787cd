/**
 * What may stand outside every block.
 */
import { any, block, boolean, flag, named, rows, text, wholeSeconds } from './keyword-row';

export const rootRows = rows('root', [
  ['global_defs', block, 'active', 'holds what is common to all instances'],
  ['vrrp_instance', named, 'active', 'is one virtual router', { reference: 'RFC 9568 §6' }],
  ['vrrp_sync_group', named, 'active', 'keeps instances in one state'],
  ['vrrp_script', named, 'active', 'is a check that instances can track'],
  ['holdfast', block, 'active', 'holds what only holdfast knows', { reference: 'holdfast' }],

  ['nginx', block, 'refused', 'supervises nginx', { reference: 'holdfast' }],
  ['nginx_upstream', named, 'skipped', 'is a pool of servers', { reference: 'holdfast' }],

  ['vrrp_track_process', named, 'skipped', 'counts processes for instances to track'],
  ['track_file', named, 'skipped', 'reads a number from a file for instances to track'],
  ['vrrp_track_file', named, 'skipped', 'reads a number from a file for instances to track'],
  ['track_group', named, 'skipped', 'ties static addresses to instances'],
  ['bfd_instance', named, 'skipped', 'watches a neighbour by BFD'],
  ['interface_up_down_delays', block, 'refused', 'delays what a link flap does to instances'],
  ['garp_group', block, 'skipped', 'paces announcements over several interfaces'],
  ['linkbeat_interfaces', block, 'skipped', 'polls interfaces for their carrier'],
  ['linkbeat_use_polling', flag, 'skipped', 'polls interfaces for their carrier'],

  ['static_ipaddress', block, 'refused', 'holds addresses whoever is master'],
  ['static_routes', block, 'refused', 'holds routes whoever is master'],
  ['static_rules', block, 'refused', 'holds policy rules whoever is master'],

  ['virtual_server', any, 'skipped', 'balances load over real servers'],
  ['virtual_server_group', any, 'skipped', 'names several virtual servers'],
  ['SSL', block, 'skipped', 'holds the key and certificates of the SSL checks'],

  ['net_namespace', text, 'refused', 'moves everything to another network namespace'],
  ['net_namespace_ipvs', any, 'skipped', 'moves IPVS to another network namespace'],
  ['namespace_with_ipsets', flag, 'skipped', 'says that ipsets know namespaces'],
  ['use_pid_dir', boolean, 'accepted', 'puts the pid files in a directory'],
  ['instance', text, 'accepted', 'tells several daemons on one host apart'],
  ['child_wait_time', wholeSeconds(0, 4294), 'accepted', 'waits for child processes to stop'],
]);
