/**
 * A password that everybody has read keeps nobody out, not even the neighbour who followed the
 * same page. The text must not repeat it.
 */
import type { Built } from '../build';
import { type Diagnostic, info } from '../diagnostic';
import { instancesOf } from '../places';
import { directiveOf } from '../values';

const published: ReadonlySet<string> = new Set(['1111', '1234', '123456', '12345678', 'password']);

export function tutorialPassword(built: Built): readonly Diagnostic[] {
  return instancesOf(built).flatMap(({ instance, reading }) => {
    const { authentication } = instance;
    const lines = directiveOf(reading, 'authentication')?.block?.body ?? [];
    const line = lines.filter(({ keyword }) => keyword.text === 'auth_pass').at(-1);
    const word = line?.words[0];
    // In force, and all of it: what is cut to eight has been told already.
    if (authentication.kind !== 'pass' || word === undefined || !published.has(word.text))
      return [];
    return [
      info('tutorial-password', word.span, 'this password is the one of the tutorials', {
        why: 'it keeps apart two pairs that share a VRID, and only if theirs is another one',
        help: 'any 8 other characters, the same on each router; on the wire they can be read',
      }),
    ];
  });
}
