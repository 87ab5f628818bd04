/**
 * Records from the microphone, and lets go of it in every case: when it is stopped, cancelled or aborted while
 * the person is asked, and when the recorder fails.
 */

/**
 * `denied`: by the person or the page's host. `not found`: there is no microphone. `busy`: the system does not
 * give it. `failed`: nothing can be recorded from it.
 */
export type VoiceProblem = 'denied' | 'not found' | 'busy' | 'failed';

export class VoiceError extends Error {
  constructor(readonly problem: VoiceProblem) {
    super(`no voice can be recorded: ${problem}`);
  }
}

export interface VoiceRecording {
  /** How loud it is at this moment, from 0 to 1. */
  level(): number;
  /** Ends it. Resolves with what was recorded; rejects with a `VoiceError` if that is nothing. */
  stop(): Promise<Blob>;
}

export interface RecordVoiceOptions {
  /** Gives it up: what was recorded is gone. */
  signal: AbortSignal;
  /** It cannot go on, as the microphone was unplugged or taken: what there is can be had by `stop`. */
  onEnded(): void;
}

/** What browsers record a voice in, the best first; Safari has the second only. */
const types = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];

/** Enough for a voice, in bits per second: five minutes are less than 2 MB. */
const bitsPerSecond = 48_000;

/** How often the recorder hands over what it has, in ms. */
const handOverMs = 1_000;

/** Rejects with a `VoiceError`. */
export async function recordVoice(options: RecordVoiceOptions): Promise<VoiceRecording> {
  const { signal, onEnded } = options;
  const stream = await askForMicrophone();
  const letGo = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) {
    letGo();
    throw new VoiceError('failed');
  }
  try {
    return startRecorder(stream, { signal, onEnded, letGo });
  } catch {
    letGo();
    throw new VoiceError('failed');
  }
}

async function askForMicrophone(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    throw new VoiceError(problemOf(error instanceof DOMException ? error.name : ''));
  }
}

/** By the names of Media Capture and Streams, section 10.2. */
function problemOf(name: string): VoiceProblem {
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'not found';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'failed';
}

function startRecorder(
  stream: MediaStream,
  { signal, onEnded, letGo }: RecordVoiceOptions & { letGo(): void },
): VoiceRecording {
  const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, {
    ...(mimeType && { mimeType }),
    audioBitsPerSecond: bitsPerSecond,
  });
  const meter = createMeter(stream);
  const chunks: Blob[] = [];
  const stopped = new Promise<void>((resolve) => {
    recorder.onstop = () => {
      letGo();
      meter.close();
      resolve();
    };
  });
  const end = () => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  recorder.ondataavailable = ({ data }) => {
    if (data.size > 0) chunks.push(data);
  };
  recorder.onerror = onEnded;
  for (const track of stream.getTracks()) track.onended = onEnded;
  signal.addEventListener('abort', end);
  recorder.start(handOverMs);

  return {
    level: meter.level,
    async stop() {
      end();
      await stopped;
      if (chunks.length === 0) throw new VoiceError('failed');
      return new Blob(chunks, { type: plainType(recorder.mimeType) });
    },
  };
}

/** Without parameters. */
const plainType = (type: string) => (type.split(';')[0] ?? '').trim();

interface Meter {
  level(): number;
  close(): void;
}

/** A voice at an ordinary distance is to fill the most of the scale. */
const loudness = 5;

/** Where the level cannot be had, there is none; the recording goes on all the same. */
function createMeter(stream: MediaStream): Meter {
  if (!('AudioContext' in window)) return { level: () => 0, close() {} };
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return Math.min(1, Math.sqrt(power) * loudness);
    },
    close: () => void context.close().catch(() => {}),
  };
}

const endings: Record<string, string> = {
  'audio/webm': 'webm',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
};

/** The ending of a file of that type. */
export const endingOf = (type: string): string => endings[type] ?? 'audio';
