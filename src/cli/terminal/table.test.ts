import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { styleFor } from './style.ts';
import { displayWidth, fit, fitEnd, printable, table } from './table.ts';

const bold = styleFor(true).bold('class');

describe('tables in a terminal', () => {
  it('aligns columns by what is seen: colours take no place, wide characters take two', () => {
    const text = table(
      [
        [bold, 'n'],
        ['柴犬', '12'],
      ],
      'lr',
    );
    assert.equal(text, `${bold}   n\n柴犬   12\n`);
    assert.equal(displayWidth('🐕'), 2);
    assert.equal(displayWidth('é'), 1);
  });

  it('cuts names at the end and paths at the beginning', () => {
    assert.equal(fit('Afghan_hound', 8), 'Afghan_…');
    assert.equal(fitEnd('photos/test/rose.jpg', 10), '…/rose.jpg');
    assert.equal(fit('short', 5), 'short');
  });

  it('lets no control character of a file name through', () => {
    assert.equal(printable('a\x1b[2Jb\u202ec\n'), 'a\ufffd[2Jb\ufffdc\ufffd');
  });
});
