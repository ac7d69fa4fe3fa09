import fc from 'fast-check'

/** Text that would do harm somewhere if it were let through. */
export const HOSTILE: readonly string[] = [
  '::add-mask::e',
  '::stop-commands::token',
  '\n::error file=a,line=1::boom',
  '\r\n  ::set-output name=result::success',
  '\r##[error]boom',
  'x ##[group]boom',
  '###[error]',
  ':\u200b:error::boom',
  '\u200b::error::boom',
  '##\u00ad[error]boom',
  '\u0085::warning::boom',
  '\ufeff::notice::boom',
  '%0A::error::boom',
  '%250A',
  '\u001b[31mred\u001b[0m',
  '\u202egnp.exe\u2066',
  '\0',
  '\u2028::error::boom',
  '</details></summary><h1>big</h1>',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '<!-- comment',
  '| a | b |\n|---|---|\n| c |',
  '\\| \\',
  '`code` ``more`` ```',
  '```mermaid\npie\n```',
  '~~~\n',
  '[link](https://evil.example) ![image](https://evil.example/x.png)',
  '[ref]: https://evil.example',
  '<https://evil.example>',
  'https://evil.example www.evil.example ftp://evil.example',
  'someone@evil.example mailto:a@evil.example',
  '@octocat @github/security owner/name#1 #123 GH-123 :tada:',
  'ABC-123 c0ffee1 owner/name@c0ffee1',
  '/close\n/lgtm',
  '$x$ $$y$$ $`z`$',
  '&lt;b&gt; &#64;octocat &colon;',
  '**bold** _italic_ ~~gone~~ # heading\n# heading\n- item\n1. item\n> quote\n---\n===',
  '"] --> B; %%{init: {}}%%',
  '=1+1',
  '\t=1+1',
  ' "=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  ';=1+1',
  "'=1",
  '0) ',
  '- ',
  '    code',
  '\0 ',
  '\ud800',
  '\udfff',
  '👩‍👩‍👧',
]

/** Any character of Unicode. fast-check's own unit `binary` is the same, but takes half a second to make. */
export const character = fc
  .nat(0x10_ffff - 0x800)
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800)) // without halves of surrogate pairs

/** Mixtures of hostile pieces and arbitrary text. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: character, maxLength: 8 }), fc.string()), {
    minLength: 1,
    maxLength: 6,
  })
  .map((pieces) => pieces.join(''))
