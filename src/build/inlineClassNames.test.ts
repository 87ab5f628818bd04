import { describe, expect, it } from 'vitest';
import { withClassNames } from './inlineClassNames';

describe('class names', () => {
  it('are imported one by one', () => {
    const code =
      "import a from './a.module.css';\nimport b from '../b.module.css';\nimport c from 'c';";
    expect(withClassNames(code)).toBe(
      "import * as a from './a.module.css';\nimport * as b from '../b.module.css';\nimport c from 'c';",
    );
  });
});
