/** Pictures by the browser's own means, outside of the page: decoded upright, and drawn smaller. */
import type { DecodedPicture } from '../chat/prepareFile';

/** What a preview is coded as: the first that the browser can. */
const codings = [
  { type: 'image/webp', quality: 0.8 },
  { type: 'image/jpeg', quality: 0.82 },
] as const;

/** Rejects for what this browser cannot decode. */
export async function decodePicture(picture: Blob): Promise<DecodedPicture> {
  const bitmap = await createImageBitmap(picture, { imageOrientation: 'from-image' });
  return {
    width: bitmap.width,
    height: bitmap.height,
    async draw(width, height) {
      if (!globalThis.OffscreenCanvas) return undefined;
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      if (!context) return undefined;
      context.imageSmoothingQuality = 'high';
      context.drawImage(bitmap, 0, 0, width, height);
      for (const coding of codings) {
        // What shows through is white, where the coding knows no transparency.
        if (coding.type === 'image/jpeg') paintBehind(context, width, height);
        const drawn = await canvas.convertToBlob(coding);
        // A browser that cannot code it gives something else.
        if (drawn.type === coding.type) return drawn;
      }
      return undefined;
    },
    close: () => bitmap.close(),
  };
}

function paintBehind(context: OffscreenCanvasRenderingContext2D, width: number, height: number) {
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
}
