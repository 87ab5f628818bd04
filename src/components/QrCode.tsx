/** A text as a QR code: dark on light in every theme, with the quiet zone that scanners need. */
import { encode } from 'uqr';
import { useTexts } from '../i18n/texts';
import styles from './QrCode.module.css';

/** ISO/IEC 18004 asks for four modules of light around it. */
const quietZone = 4;

export function QrCode({ text }: { text: string }) {
  const { rooms: texts } = useTexts();
  const modules = modulesOf(text);
  if (!modules) return <p>{texts.qrTooLong}</p>;
  const size = modules.length + 2 * quietZone;
  return (
    <svg
      className={styles.code}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={texts.qrCode}
    >
      <rect width={size} height={size} />
      <path d={pathOf(modules)} />
    </svg>
  );
}

/** Undefined for a text that no QR code can hold. */
function modulesOf(text: string): boolean[][] | undefined {
  try {
    return encode(text, { ecc: 'M', border: 0 }).data;
  } catch {
    return undefined;
  }
}

/** Each run of dark modules in a row as one rectangle. */
export function pathOf(modules: readonly (readonly boolean[])[]): string {
  const runs: string[] = [];
  modules.forEach((row, y) => {
    let x = 0;
    while (x < row.length) {
      let length = 0;
      while (row[x + length]) length += 1;
      if (length > 0) runs.push(`M${x + quietZone} ${y + quietZone}h${length}v1h-${length}z`);
      x += length + 1;
    }
  });
  return runs.join('');
}
