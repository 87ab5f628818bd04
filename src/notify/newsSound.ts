/** Two soft tones, as of a heart, made here: there is no file to load. */

/** When each begins, in seconds, and how high it is, in hertz. */
const tones = [
  { at: 0, frequency: 392 },
  { at: 0.16, frequency: 523 },
] as const;
const toneSeconds = 0.14;
const loudness = 0.12;

let context: AudioContext | undefined;

/** Plays it, where the browser lets a page that nobody has touched yet be heard. */
export function playNewsSound(): void {
  if (!('AudioContext' in window)) return;
  context ??= new AudioContext();
  void context.resume().catch(() => {});
  for (const { at, frequency } of tones) playTone(context, context.currentTime + at, frequency);
}

function playTone(on: AudioContext, begins: number, frequency: number) {
  const tone = new OscillatorNode(on, { frequency });
  const volume = new GainNode(on, { gain: 0 });
  // Rising and falling, as a tone that is cut off clicks.
  volume.gain.setValueAtTime(0, begins);
  volume.gain.linearRampToValueAtTime(loudness, begins + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, begins + toneSeconds);
  tone.connect(volume).connect(on.destination);
  tone.start(begins);
  tone.stop(begins + toneSeconds);
}
