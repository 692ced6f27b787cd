/**
 * The rarer terms of an instance: an interface of its own, and what it does with odd adverts.
 * Pure types; a field's comment gives its keepalived keyword, unit and range.
 */
import type { Duration } from '../time';

/** An interface on top of the instance's own, from which adverts and addresses go. */
export type OwnInterface =
  /** use_vmac */
  | {
      readonly kind: 'vmac';
      /** null: vrrp.VRID */
      readonly name: string | null;
      /** five octets are followed by the VRID; null: the one of RFC 9568 §7.3. */
      readonly mac: string | null;
      /** netlink_notify_msg */
      readonly notifies: boolean;
      /** group: the link group, 0 is the default one. */
      readonly group: number;
    }
  /** use_ipvlan */
  | {
      readonly kind: 'ipvlan';
      readonly name: string | null;
      /** its own source address, perhaps with a prefix length. */
      readonly address: string | null;
      readonly mode: 'bridge' | 'private' | 'vepa';
      readonly group: number;
    };

/** What stands where: interfaces, sockets, the kernel. */
export interface InstanceLink {
  readonly ownInterface: OwnInterface | null;
  /** use_vmac_addr: addresses on other interfaces get one of their own too. */
  readonly addressVmacs: boolean;
  /** vmac_xmit_base: adverts go from the interface below `ownInterface`. */
  readonly xmitBase: boolean;
  /** vrf: of an instance without an interface. */
  readonly vrf: string | null;
  /** promote_secondaries */
  readonly promoteSecondaries: boolean;
  /** kernel_rx_buf_size in bytes; 0 leaves it to the kernel. */
  readonly receiveBuffer: number;
  /** lvs_sync_daemon_interface */
  readonly syncDaemonInterface: string | null;
}

/** How it treats adverts, beyond what every instance does. */
export interface InstanceTerms {
  /** false is no_accept: what is sent to the addresses is dropped while not their owner. */
  readonly accept: boolean;
  /** skip_check_adv_addr: an advert's addresses are compared once for each master. */
  readonly skipAddressCheck: boolean;
  /** higher_prio_send_advert: one more advert when giving way. */
  readonly higherPrioritySendAdvert: boolean;
  /** owner_ignore_adverts */
  readonly ownerIgnoresAdverts: boolean;
  /** timer_expired_backup: null is off; else the priority of which a late timer is told. */
  readonly lateTimerBackup: { readonly priority: number | null } | null;
  /** old_unicast_checksum */
  readonly oldUnicastChecksum: 'detect' | 'always' | 'never';
  /** unicast_fault_no_peer, and there is none: hold nothing. */
  readonly lacksPeers: boolean;
  /** track_src_ip: without its source address it holds nothing. */
  readonly trackSource: boolean;
  /** garp_extra_if: announcements on other interfaces, every so often; 0 is never. */
  readonly extraGarp: ExtraGarp;
  /** debug, 0..4. */
  readonly debug: number;
}

export interface ExtraGarp {
  readonly every: Duration;
  /** on all interfaces, not only on those of use_vmac. */
  readonly all: boolean;
}
