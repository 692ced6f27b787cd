/**
 * Routes and rules that go with the master. They are in no advert, so what only one end has is
 * missed when the other one is master. Gateways and devices may well differ.
 */
import { type Diagnostic, warning } from '../diagnostic';
import type { Route, Rule } from '../model-network';
import { printRule } from '../print-network';
import { type End, keywordPlace, nameOf, type Pair } from './ends';

interface Kind {
  readonly code: string;
  readonly noun: string;
  readonly word: string;
  /** each as it is called; what may differ between machines is left out. */
  readonly listOf: (end: End) => readonly string[];
}

const kinds: readonly Kind[] = [
  {
    code: 'peer-routes',
    noun: 'route',
    word: 'virtual_routes',
    listOf: ({ instance }) => instance.virtualRoutes.map(routeName),
  },
  {
    code: 'peer-rules',
    noun: 'rule',
    word: 'virtual_rules',
    listOf: ({ instance }) => instance.virtualRules.map(ruleName),
  },
];

const mainTable = 254;

function routeName({ destination, table, vrf, type }: Route): string {
  const { address, length } = destination;
  const where = vrf !== null ? ` vrf ${vrf}` : table === mainTable ? '' : ` table ${table}`;
  return `${type === 'unicast' ? '' : `${type} `}${address}/${length}${where}`;
}

const ruleName = (rule: Rule): string =>
  printRule({ ...rule, inputDevice: null, outputDevice: null, priority: 0 })
    .words.join(' ')
    .replace(' priority 0', '');

export const network = (pair: Pair): readonly Diagnostic[] =>
  kinds.flatMap((kind) => [...missing(pair, kind, 'other'), ...missing(pair, kind, 'own')]);

/** What the end `at` does not have. */
function missing(pair: Pair, kind: Kind, at: 'own' | 'other'): readonly Diagnostic[] {
  const { own, other } = pair;
  const known = new Set(kind.listOf(pair[at]));
  const lost = kind.listOf(at === 'own' ? other : own).filter((one) => !known.has(one));
  if (lost.length === 0) return [];
  const whose = at === 'own' ? nameOf(pair) : `the other end of ${nameOf(pair)}`;
  const count = lost.length === 1 ? `a ${kind.noun}` : `${lost.length} ${kind.noun}s`;
  const what = `${whose} does not have ${count} of ${at === 'own' ? 'the other' : 'this'} end`;
  return [
    warning(kind.code, keywordPlace(own, kind.word), what, {
      label: lost.length === 1 ? (lost[0] ?? '') : `${lost[0]} and ${lost.length - 1} more`,
      why: `no advert lists ${kind.noun}s: nobody notices before that end is master`,
      help: `the same ${kind.word} in both files`,
      related: [
        { span: keywordPlace(other, kind.word), what: `the ${kind.noun}s of the other end` },
      ],
    }),
  ];
}
