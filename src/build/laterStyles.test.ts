import { describe, expect, it } from 'vitest';
import { withPlainImports } from './laterStyles';

describe('what a script loads later', () => {
  it('is imported plainly where it has no styles', () => {
    expect(withPlainImports('x=()=>A(()=>import(`./a.js`),[],import.meta.url),y')).toBe(
      'x=()=>import(`./a.js`),y',
    );
  });

  it('is imported as a whole where parts of it are wanted', () => {
    const code =
      'let{a:t,b:n}=await A(async()=>{let{a:e,b:t}=await import(`./a.js`);return{a:e,b:t}},[],import.meta.url)';
    expect(withPlainImports(code)).toBe('let{a:t,b:n}=await import(`./a.js`)');
  });

  it('waits for its styles where it has some', () => {
    const code = 'A(()=>import(`./a.js`),__vite__mapDeps([0,1]),import.meta.url)';
    expect(withPlainImports(code)).toBe(code);
  });

  it('is told of no styles where more is done with it', () => {
    const code = 'A(()=>import(`./a.js`).then(e=>e.t),[],import.meta.url)';
    expect(withPlainImports(code)).toBe('A(()=>import(`./a.js`).then(e=>e.t))');
  });

  it('stays as it is where other parts are handed on than are there', () => {
    const code = 'async()=>{let{a:e}=await import(`./a.js`);return{b:e}}';
    expect(withPlainImports(code)).toBe(code);
  });
});
