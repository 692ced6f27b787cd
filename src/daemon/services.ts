/**
 * The supervised nginxes on this side of the core: carries out what it orders of them, and brings
 * an operator's question to it and the answer back. Decides nothing.
 */
import type { Config } from '../config/model';
import type { Event } from '../core/event';
import type { ServiceCommand, Want } from '../core/service-terms';
import { type NginxDriver, nginxDriver } from '../drivers/nginx';
import { planeNow } from '../drivers/plane';
import { type Processes, processes } from '../drivers/processes';

export interface Answer {
  readonly ok: boolean;
  readonly said: string;
}

export interface ServiceHands {
  configure(config: Config): void;
  obey(command: ServiceCommand): void;
  /** `name` null: the only one there is. Resolves when it is done, or cannot be. */
  ask(name: string | null, want: Want): Promise<Answer>;
  close(): void;
}

/** A question that is never answered, as after a reload that took its nginx away. */
const ANSWER_PATIENCE_MS = 120_000;

export function serviceHands(onEvent: (event: Event) => void): ServiceHands {
  const pending = new Map<string, (answer: Answer) => void>();
  let config: Config | null = null;
  let count = 0;
  let opened: { readonly ends: Processes; readonly driver: NginxDriver } | null = null;

  /** Without an nginx { } there is no thread for it either. */
  const open = (): NginxDriver => {
    if (opened !== null) return opened.driver;
    const ends = processes((event) => {
      if (event.kind === 'process-gone') driver.gone(event.key, event.pid);
    });
    const driver = nginxDriver(ends, (one) => onEvent({ ...one, at: planeNow() } as Event));
    opened = { ends, driver };
    return driver;
  };
  const nginxOf = (name: string) => config?.services.find((one) => one.name === name);

  return {
    configure: (next) => {
      config = next;
    },
    obey: (command) => {
      if (command.kind === 'nginx-answer') {
        pending.get(command.ask)?.({ ok: command.ok, said: command.said });
        return;
      }
      if (command.kind === 'nginx-forget') return open().forget(command.nginx);
      const nginx = nginxOf(command.nginx);
      if (nginx !== undefined) open().obey(command, nginx);
    },
    ask: (name, want) => {
      const chosen = chosenOf(config, name);
      if (chosen.kind === 'none') return Promise.resolve({ ok: false, said: chosen.why });
      count += 1;
      const ask = `${want}-${count}`;
      return new Promise((resolve) => {
        const answered = (answer: Answer): void => {
          clearTimeout(timer);
          pending.delete(ask);
          resolve(answer);
        };
        const late = { ok: false, said: 'no answer within 2 minutes' };
        const timer = setTimeout(() => answered(late), ANSWER_PATIENCE_MS);
        pending.set(ask, answered);
        onEvent({ kind: 'nginx-asked', at: planeNow(), nginx: chosen.name, ask, want });
      });
    },
    close: () => {
      for (const answer of pending.values()) answer({ ok: false, said: 'holdfast stops' });
      opened?.driver.close();
      opened?.ends.close();
    },
  };
}

type Chosen = { readonly kind: 'one'; readonly name: string } | { kind: 'none'; why: string };

function chosenOf(config: Config | null, wanted: string | null): Chosen {
  const names = config?.services.map(({ name }) => name) ?? [];
  const [only] = names;
  if (only === undefined)
    return { kind: 'none', why: 'there is no nginx { } in the configuration' };
  if (wanted === null && names.length === 1) return { kind: 'one', name: only };
  if (wanted !== null && names.includes(wanted)) return { kind: 'one', name: wanted };
  const why = wanted === null ? 'which one' : `there is no nginx '${wanted}'`;
  return { kind: 'none', why: `${why}: ${names.join(', ')}` };
}
