/**
 * The virtual network: one segment per interface name, on which everybody hears everybody, minus
 * what is lost, cut or late. It knows nothing of VRRP beyond what a packet carries.
 */
import type { Version } from '../../src/config/model';
import type { Agenda } from './agenda';
import type { Random } from './random';

export interface Packet {
  readonly interface: string;
  readonly vrid: number;
  readonly source: string;
  readonly version: Version;
  readonly priority: number;
  readonly interval: number;
}

export interface Port {
  readonly index: number;
  /** whether its cable on this interface is in. */
  linked(name: string): boolean;
  receive(packet: Packet): void;
}

export interface Lan {
  send(from: Port, packet: Packet): void;
  /** Nothing from `from` reaches `to` any more. Cuts count: two are mended by two. */
  cut(from: number, to: number): void;
  mend(from: number, to: number): void;
  disturb(loss: number, doubled: number): void;
  /** No cut, no loss, no doubles. */
  heal(): void;
  /** Both hear all that the other sends. */
  clear(a: number, b: number): boolean;
}

export function lan(ports: readonly Port[], agenda: Agenda, random: Random, delayMax: number): Lan {
  const cuts = new Map<number, number>();
  let loss = 0;
  let doubled = 0;
  const key = (from: number, to: number): number => from * 16 + to;
  const isCut = (from: number, to: number): boolean => (cuts.get(key(from, to)) ?? 0) > 0;

  const lastArrival = new Map<number, number>();

  /** One sender's packets keep their order, as on a wire; only doubles come out of it. */
  const deliver = (from: Port, to: Port, packet: Packet, double: boolean): void => {
    // Most packets are quick, some use all of the time that they are allowed.
    const delay = random.oneIn(8) ? random.below(delayMax + 1) : random.below(60);
    const path = key(from.index, to.index);
    let at = agenda.now() + Math.min(delay, delayMax);
    if (!double) {
      at = Math.max(at, lastArrival.get(path) ?? 0);
      lastArrival.set(path, at);
    }
    agenda.enter(at, () => {
      if (to.linked(packet.interface)) to.receive(packet);
    });
  };

  return {
    send(from, packet) {
      if (!from.linked(packet.interface)) return;
      for (const to of ports) {
        if (to === from || isCut(from.index, to.index)) continue;
        if (loss > 0 && random.chance(loss)) continue;
        deliver(from, to, packet, false);
        if (doubled > 0 && random.chance(doubled)) deliver(from, to, packet, true);
      }
    },
    cut(from, to) {
      cuts.set(key(from, to), (cuts.get(key(from, to)) ?? 0) + 1);
    },
    mend(from, to) {
      cuts.set(key(from, to), Math.max(0, (cuts.get(key(from, to)) ?? 0) - 1));
    },
    disturb(newLoss, newDoubled) {
      loss = newLoss;
      doubled = newDoubled;
    },
    heal() {
      cuts.clear();
      loss = 0;
      doubled = 0;
    },
    clear: (a, b) => loss === 0 && !isCut(a, b) && !isCut(b, a),
  };
}
