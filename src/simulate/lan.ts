/**
 * The virtual network: segments on which everybody hears everybody, and ways between single
 * addresses; minus what is lost, cut or late. It knows nothing of VRRP beyond what an advert says.
 */
import type { Open } from '../core/command';
import type { Agenda } from './agenda';
import type { Chance } from './chance';

export interface Packet {
  /** where it leaves; where it arrives for whoever receives it. */
  readonly interface: string;
  /** what that interface is connected to. */
  readonly segment: string;
  readonly source: string;
  /** a multicast group, or one address. */
  readonly destination: string;
  readonly priority: number;
  readonly interval: number;
  /** what else its sender puts into it. */
  readonly terms: Open;
}

export interface Port {
  readonly index: number;
  readonly receive: (packet: Packet) => void;
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

export function lan(ports: readonly Port[], agenda: Agenda, chance: Chance, delayMax: number): Lan {
  const cuts = new Map<string, number>();
  let loss = 0;
  let doubled = 0;
  const key = (from: number, to: number): string => `${from} ${to}`;
  const isCut = (from: number, to: number): boolean => (cuts.get(key(from, to)) ?? 0) > 0;

  const lastArrival = new Map<string, number>();

  /** One sender's packets keep their order, as on a wire; only doubles come out of it. */
  const deliver = (from: Port, to: Port, packet: Packet, double: boolean): void => {
    const path = key(from.index, to.index);
    let at = agenda.now() + Math.min(chance.packet(delayMax), delayMax);
    if (!double) {
      at = Math.max(at, lastArrival.get(path) ?? 0);
      lastArrival.set(path, at);
    }
    agenda.enter(at, () => to.receive(packet));
  };

  return {
    send(from, packet) {
      for (const to of ports) {
        if (to === from || isCut(from.index, to.index)) continue;
        if (loss > 0 && chance.happens(loss)) continue;
        deliver(from, to, packet, false);
        if (doubled > 0 && chance.happens(doubled)) deliver(from, to, packet, true);
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
