/** For tests: databases that no other test has. */
let databases = 0;

export function newName(): string {
  databases += 1;
  return `heartline-server-${databases}-${Date.now()}`;
}
