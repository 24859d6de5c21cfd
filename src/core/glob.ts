/**
 * Shell-like patterns over names, matched without regular expressions: `*` stands for any run of
 * characters (`/` too), `?` for exactly one; everything else, brackets and backslashes included, for
 * itself. So every name, read as a pattern, matches itself. At most pattern × text steps.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const glob = [...pattern];
  return (text) => matchesGlob(glob, [...text]);
}

function matchesGlob(glob: readonly string[], text: readonly string[]): boolean {
  let at = 0;
  let star = -1; // the last `*`: only the text it stands for ever has to grow
  let starEnd = 0;
  for (let i = 0; i < text.length; ) {
    if (glob[at] === '*') {
      star = at++;
      starEnd = i;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++starEnd;
    } else {
      return false;
    }
  }
  while (glob[at] === '*') at++;
  return at === glob.length;
}
