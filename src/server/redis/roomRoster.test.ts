import { describe, expect, it } from 'vitest';
import { RoomRoster } from './roomRoster';

const ann = { id: 'u1', name: 'Ann' };
const bob = { id: 'u2', name: 'Bob' };

function opened() {
  const told: string[] = [];
  const roster = new RoomRoster({
    arrived: (lease, { id }) => told.push(`${id} is at ${lease}`),
    left: (lease, id) => told.push(`${id} left ${lease}`),
    gatewayGone: (lease) => told.push(`${lease} is gone`),
  });
  return { roster, takeTold: () => told.splice(0) };
}

describe('who is there at other gateways', () => {
  it('is told once, whatever is said again', () => {
    const { roster, takeTold } = opened();
    roster.heard('g1', [ann], []);
    roster.heard('g1', [ann, bob], []);
    expect(takeTold()).toEqual(['u1 is at g1', 'u2 is at g1']);
    roster.heard('g1', [], ['u1', 'u1']);
    roster.heard('g2', [], ['u2']);
    expect(takeTold()).toEqual(['u1 left g1']);
    expect(roster.size).toBe(1);
  });

  it('is nobody by a lease that has ended', () => {
    const { roster, takeTold } = opened();
    roster.heard('g1', [ann], []);
    roster.heard('g2', [ann], []);
    takeTold();
    roster.gone('g1');
    roster.gone('g1');
    roster.gone('g3');
    expect(takeTold()).toEqual(['g1 is gone']);
    expect(roster.size).toBe(1);
  });

  it('is what was read, if nothing was said meanwhile', () => {
    const { roster, takeTold } = opened();
    roster.heard('g1', [ann], []);
    takeTold();
    roster.beginReading();
    roster.finishReading([{ lease: 'g2', user: bob }]);
    expect(takeTold()).toEqual(['u2 is at g2', 'u1 left g1']);
  });

  it('is not who left while that was read', () => {
    const { roster, takeTold } = opened();
    roster.beginReading();
    roster.heard('g1', [], ['u1']);
    roster.finishReading([{ lease: 'g1', user: ann }]);
    expect(takeTold()).toEqual([]);
  });

  it('is who came while that was read', () => {
    const { roster, takeTold } = opened();
    roster.beginReading();
    roster.heard('g1', [ann], []);
    roster.finishReading([]);
    expect(takeTold()).toEqual(['u1 is at g1']);
  });

  it('is nobody whose lease ended while that was read', () => {
    const { roster, takeTold } = opened();
    roster.beginReading();
    roster.gone('g1');
    roster.finishReading([
      { lease: 'g1', user: ann },
      { lease: 'g2', user: ann },
    ]);
    expect(takeTold()).toEqual(['u1 is at g2']);
  });

  it('goes by the reading that began last', () => {
    const { roster, takeTold } = opened();
    roster.beginReading();
    roster.heard('g1', [], ['u1']);
    roster.beginReading();
    roster.finishReading([{ lease: 'g1', user: ann }]);
    expect(takeTold()).toEqual(['u1 is at g1']);
  });
});
