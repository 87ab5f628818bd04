/**
 * Puts a fixed element below its button, or above where there is no room, within the window: for
 * browsers that do not place it by CSS anchors.
 */
const gapPx = 4;

export function placeBeside(element: HTMLElement, button: Element, align: 'start' | 'end'): void {
  const around = button.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const isRightToLeft = getComputedStyle(button).direction === 'rtl';
  const isFromLeft = (align === 'start') !== isRightToLeft;
  const left = isFromLeft ? around.left : around.right - width;
  const below = around.bottom + gapPx;
  const above = around.top - gapPx - height;
  const top = below + height <= window.innerHeight || above < 0 ? below : above;
  Object.assign(element.style, {
    left: `${within(left, window.innerWidth - width)}px`,
    top: `${within(top, window.innerHeight - height)}px`,
  });
}

function within(value: number, most: number): number {
  return Math.max(gapPx, Math.min(value, most - gapPx));
}
