/* The signs of the map. Each differs in form, not in colour alone, and the key draws the same paths as the map does. */
import { Fill, Icon, Stroke, Style, Text } from "ol/style";
import type { LandTower } from "@/api";
import type { Answer, Sight } from "@/lib/land";
import { token } from "@/lib/ink";

export type Mark = Sight | Answer;
export const TONE: Record<Mark, string> = { today: "green", built: "blue", unseen: "red", blank: "faint", open: "faint", near: "green", county: "gold" };
/* What is missing is drawn open: not seen, not answered, not known. */
export const HOLLOW = new Set<Mark>(["unseen", "blank", "open", "county"]);
/* On a grid of 16, as are all signs. */
export const MAST: Record<LandTower["state"], string> = {
  standing: "M8 1.500 15 14.500H1Z",
  upgrade: "M8 1.500 15 14.500H1ZM8 6.500V12.500M5 9.500H11",
  planned: "M8 2.500 14.200 14H1.800Z",
};
const GRID = 16;
const font = (size: number): string => `600 ${size}px ${token("font")}`;

function canvasOf(size: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement("canvas"), ratio = window.devicePixelRatio || 1;
  canvas.width = canvas.height = Math.ceil(size * ratio);
  const pen = canvas.getContext("2d")!;
  pen.scale(canvas.width / size, canvas.height / size);
  return [canvas, pen];
}
const iconOf = (canvas: HTMLCanvasElement, size: number, opacity = 1): Icon => new Icon({ img: canvas, scale: size / canvas.width, opacity, declutterMode: "obstacle" });

export function mastStyle(state: LandTower["state"], picked: boolean, faint: boolean): Style {
  const size = picked ? 26 : 15, [canvas, pen] = canvasOf(size), ink = token("ink"), paper = token("sheet");
  pen.scale(size / (GRID + 2), size / (GRID + 2));
  pen.translate(1, 1);
  pen.lineJoin = "round";
  const path = new Path2D(MAST[state]), body = new Path2D(MAST.standing);
  pen.lineWidth = 3.4;
  pen.strokeStyle = picked ? token("focus") : paper;
  pen.stroke(body);
  pen.fillStyle = state === "planned" ? paper : ink;
  pen.fill(body);
  pen.lineWidth = 1.6;
  pen.strokeStyle = state === "upgrade" ? paper : ink;
  if (state !== "standing") pen.stroke(path);
  return new Style({ image: iconOf(canvas, size, faint && !picked ? 0.4 : 1), zIndex: picked ? 9 : 5 });
}

/* ---- parcels far away: so many in one place, in the parts that they are ---- */

export interface Part { mark: Mark; count: number }
const RING = 4.4;
export const donutSize = (count: number): number => (count === 1 ? 13 : Math.min(19 + Math.sqrt(count) * 2.1, 46));
const known = new Map<string, Style>();
export const forgetDonuts = (): void => known.clear();

function arc(pen: CanvasRenderingContext2D, radius: number, from: number, to: number, mark: Mark): void {
  pen.beginPath();
  pen.arc(0, 0, radius, from, to);
  pen.lineWidth = RING;
  pen.strokeStyle = token(TONE[mark]);
  pen.stroke();
  if (!HOLLOW.has(mark)) return;
  pen.beginPath();
  pen.arc(0, 0, radius, from + 1.2 / radius, to - 1.2 / radius);
  pen.lineWidth = RING - 2.4;
  pen.strokeStyle = token("sheet");
  pen.stroke();
}
function drawDonut(pen: CanvasRenderingContext2D, parts: Part[], size: number, total: number): void {
  pen.translate(size / 2, size / 2);
  pen.beginPath();
  pen.arc(0, 0, size / 2 - 0.5, 0, Math.PI * 2);
  pen.fillStyle = token("sheet");
  pen.fill();
  let from = -Math.PI / 2;
  for (const { mark, count } of parts) {
    const to = from + (count / total) * Math.PI * 2;
    arc(pen, size / 2 - RING / 2 - 1, from, to, mark);
    from = to;
  }
  pen.font = font(size < 24 ? 10.5 : 11.5);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = token("ink");
  pen.fillText(String(total), 0, 0.8);
}
function drawDot(pen: CanvasRenderingContext2D, mark: Mark, size: number): void {
  pen.translate(size / 2, size / 2);
  pen.beginPath();
  pen.arc(0, 0, size / 2 - 2, 0, Math.PI * 2);
  pen.fillStyle = token(HOLLOW.has(mark) ? "sheet" : TONE[mark]);
  pen.fill();
  pen.lineWidth = HOLLOW.has(mark) ? 2.4 : 1;
  pen.strokeStyle = token(HOLLOW.has(mark) ? TONE[mark] : "sheet");
  pen.stroke();
}
export function donutStyle(parts: Part[]): Style {
  const total = parts.reduce((sum, part) => sum + part.count, 0), key = parts.map((part) => part.mark + part.count).join();
  let style = known.get(key);
  if (!style) {
    const size = donutSize(total), [canvas, pen] = canvasOf(size);
    if (total === 1) drawDot(pen, parts[0].mark, size); else drawDonut(pen, parts, size, total);
    style = new Style({ image: iconOf(canvas, size), zIndex: 3 });
    known.set(key, style);
  }
  return style;
}

/* ---- parcels near by: their own outline ---- */

export function parcelStyle(mark: Mark, picked: boolean, number: string, resolution: number): Style {
  const tone = token(TONE[mark]), hollow = HOLLOW.has(mark), NUMBERED_FROM = 0.9;
  return new Style({
    fill: new Fill({ color: hollow ? `${tone}26` : `${tone}99` }), zIndex: picked ? 4 : 2,
    stroke: new Stroke({ color: picked ? token("focus") : tone, width: picked ? 4 : hollow ? 2 : 1, lineDash: hollow && !picked ? [5, 3] : undefined }),
    text: resolution < NUMBERED_FROM ? new Text({
      text: number, font: font(11), overflow: true, fill: new Fill({ color: token("ink") }), stroke: new Stroke({ color: token("sheet"), width: 3 }),
    }) : undefined,
  });
}
