/**
 * What `holdfast simulate --help` says beyond its options.
 */
import { forms, wireForms } from '../simulate/deed';

export const SIMULATE_HELP = `
The nodes run the real policy on a virtual network and clock; nothing here is touched. A node is
called as its file is (or its folder, or --name); '@id' lines of its file mean that name.

--do '[t=SECONDS] WHAT on NODE': at that second after the start, or once all is at rest:
${[...forms.map(({ form }) => form), ...wireForms].map((form) => `  ${form}`).join('\n')}
'kill nginx': it can be started again; 'break nginx': it cannot. Without on NODE: cut and join.

--fail WHAT@NODE, at rest, one after another; with --recover all come back in the same order:
  nginx (breaks), script:NAME, process:NAME, interface:NAME, cable, node (crashes)

Exit codes:
  0  in the end each address is held by one node
  1  one is held by nobody, or by several
  2  a file or a word is wrong`;
