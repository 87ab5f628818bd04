/** Paints the running trace: chart paper that moves with it, the line with its spikes, and what passed. */
import type { ConnectionStatus } from '../../store/chatStore';
import type { HeartInks } from './heartInks';
import type { HeartMark, HeartModel } from './heartModel';

export interface HeartPaper {
  readonly context: CanvasRenderingContext2D;
  readonly inks: HeartInks;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

/** Room at the right for the dot at which the line is written. */
const headroom = 12;
/** A beat's spike is so wide, in px, where there is room. */
const beatWidth = 18;

export function paintHeart(paper: HeartPaper, model: HeartModel, status: ConnectionStatus): void {
  const { context, width, height } = paper;
  context.clearRect(0, 0, width, height);
  paintGrid(paper);
  paintBars(paper, model);
  paintFaults(paper, model.marks);
  paintLine(paper, model);
  paintMarks(paper, model.marks);
  paintHead(paper, model.marks, status);
}

function xOf({ width, from, to }: HeartPaper, at: number): number {
  return ((at - from) / (to - from)) * (width - headroom);
}

/** How much of the height the bars of what passes take. */
function barsHeightOf({ height }: HeartPaper): number {
  return Math.min(24, 2 * Math.round(height / 6));
}

function baseOf(paper: HeartPaper): number {
  return Math.round((paper.height - barsHeightOf(paper)) * 0.62);
}

/** The small squares are as high as they are wide; each fifth line is stronger. */
function paintGrid(paper: HeartPaper): void {
  const { context, inks, width, height, from, to } = paper;
  const smallMs = niceStepMs((to - from) / 12) / 5;
  const smallPx = (smallMs / (to - from)) * (width - headroom);
  for (const isStrong of [false, true]) {
    context.beginPath();
    let line = Math.ceil(from / smallMs);
    for (let x = xOf(paper, line * smallMs); x < width; x += smallPx, line += 1) {
      if ((line % 5 === 0) !== isStrong) continue;
      context.moveTo(Math.round(x) + 0.5, 0);
      context.lineTo(Math.round(x) + 0.5, height);
    }
    const base = baseOf(paper);
    const rows = Math.ceil(height / smallPx);
    for (let row = -rows; row <= rows; row += 1) {
      if ((row % 5 === 0) !== isStrong) continue;
      const y = Math.round(base + row * smallPx) + 0.5;
      context.moveTo(0, y);
      context.lineTo(width, y);
    }
    context.strokeStyle = isStrong ? inks['chart-strong'] : inks.chart;
    context.lineWidth = 1;
    context.stroke();
  }
}

/** The next of 1, 2, 5, 10, … seconds. */
function niceStepMs(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ms)));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= ms) ?? 10;
  return step * power;
}

/** What came is above their line, what went is below it; ten times as much is one step higher. */
function paintBars(paper: HeartPaper, { framesIn, framesOut }: HeartModel): void {
  const { context, inks, width, height } = paper;
  const barsHeight = barsHeightOf(paper);
  const middle = height - barsHeight / 2;
  const columnWidth = (width - headroom) / framesIn.length;
  const paint = (frames: Uint16Array, ink: string, direction: 1 | -1) => {
    context.fillStyle = ink;
    frames.forEach((count, column) => {
      if (count === 0) return;
      const high = Math.min(barsHeight / 2 - 1, 2 + 2 * Math.min(count, 2) + 3 * Math.log10(count));
      const y = direction === 1 ? middle + 0.5 : middle - 0.5 - high;
      context.fillRect(column * columnWidth, y, Math.max(1.5, columnWidth - 1), high);
    });
  };
  paint(framesIn, inks['ink-soft'], -1);
  paint(framesOut, inks.heart, 1);
}

function paintFaults(paper: HeartPaper, marks: readonly HeartMark[]): void {
  const { context, inks, height } = paper;
  context.setLineDash([2, 3]);
  context.strokeStyle = inks.warn;
  context.lineWidth = 1;
  context.beginPath();
  for (const { kind, at } of marks) {
    if (kind !== 'fault') continue;
    const x = Math.round(xOf(paper, at)) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height - barsHeightOf(paper));
  }
  context.stroke();
  context.setLineDash([]);
}

/** Solid and with its spikes while the line is open, dashed while it is being had, thin while it is not. */
function paintLine(paper: HeartPaper, { stretches, marks }: HeartModel): void {
  const { context, inks, width } = paper;
  const base = baseOf(paper);
  const beats = marks.filter(({ kind }) => kind === 'beat');
  stretches.forEach(({ at, status }, index) => {
    const start = xOf(paper, at);
    const next = stretches[index + 1];
    const end = next ? xOf(paper, next.at) : width - headroom + 4;
    context.beginPath();
    context.moveTo(start, base);
    if (status === 'open') {
      const until = next?.at ?? Number.POSITIVE_INFINITY;
      const xs = beats
        .filter((beat) => beat.at >= at && beat.at <= until)
        .map(({ at: beatAt, rttMs }) => ({ x: xOf(paper, beatAt), rttMs }));
      for (const [place, { x, rttMs }] of xs.entries()) {
        const room = x - (xs[place - 1]?.x ?? Number.NEGATIVE_INFINITY);
        addSpike(paper, x, Math.min(beatWidth, Math.max(4, room)), rttMs ?? 0);
      }
    }
    context.lineTo(end, base);
    const look = lookOf(status, inks);
    context.strokeStyle = look.ink;
    context.lineWidth = look.width;
    context.setLineDash(look.dash);
    context.stroke();
    context.setLineDash([]);
  });
}

function lookOf(status: ConnectionStatus, inks: HeartInks) {
  if (status === 'open') return { ink: inks.heart, width: 2, dash: [] };
  if (status === 'connecting') return { ink: inks.warn, width: 1.75, dash: [5, 4] };
  return { ink: inks['ink-soft'], width: 1.25, dash: status === 'closed' ? [1.5, 4] : [] };
}

/** As a heart draws it: a wave, a needle up and down, a wave; from full height at 0 ms to a third at 1 s. */
function addSpike(paper: HeartPaper, x: number, wide: number, rttMs: number): void {
  const { context, height } = paper;
  const base = baseOf(paper);
  const strength = 1 - (2 / 3) * Math.min(1, rttMs / 1_000);
  const up = (base - 6) * strength;
  const down = Math.min(height - barsHeightOf(paper) - base - 2, up * 0.45);
  const unit = wide / beatWidth;
  context.lineTo(x - 9 * unit, base);
  context.quadraticCurveTo(x - 6.5 * unit, base - up * 0.22, x - 4 * unit, base);
  context.lineTo(x - 2 * unit, base + down * 0.25);
  context.lineTo(x, base - up);
  context.lineTo(x + 2.5 * unit, base + down);
  context.lineTo(x + 4 * unit, base);
  context.quadraticCurveTo(x + 7 * unit, base - up * 0.28, x + 10 * unit, base);
}

function paintMarks(paper: HeartPaper, marks: readonly HeartMark[]): void {
  const { context, inks } = paper;
  const base = baseOf(paper);
  for (const { kind, at } of marks) {
    const x = xOf(paper, at);
    if (kind === 'ping') {
      context.fillStyle = inks['ink-soft'];
      context.fillRect(x - 0.5, base + 4, 1, 5);
    } else if (kind === 'ack') {
      context.fillStyle = inks.good;
      context.beginPath();
      context.arc(x, base - 5, 2, 0, 2 * Math.PI);
      context.fill();
    } else if (kind === 'miss') {
      context.strokeStyle = inks.warn;
      context.lineWidth = 2;
      context.beginPath();
      for (const slope of [1, -1]) {
        context.moveTo(x - 4.5, base - 4.5 * slope);
        context.lineTo(x + 4.5, base + 4.5 * slope);
      }
      context.stroke();
    }
  }
}

/** The pen: it glows for a moment with each beat. */
function paintHead(paper: HeartPaper, marks: readonly HeartMark[], status: ConnectionStatus): void {
  const { context, inks, width, to } = paper;
  const x = width - headroom + 4;
  const base = baseOf(paper);
  context.fillStyle = lookOf(status, inks).ink;
  context.beginPath();
  context.arc(x, base, 3, 0, 2 * Math.PI);
  context.fill();
  const latest = marks.findLast(({ kind }) => kind === 'beat');
  const glow = latest ? 1 - (to - latest.at) / 900 : 0;
  if (status !== 'open' || glow <= 0 || glow > 1) return;
  context.globalAlpha = 0.45 * glow;
  context.beginPath();
  context.arc(x, base, 3 + 5 * (1 - glow), 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
}
