// detect_reference.mjs HOME MODEL.json I420 WIDTHxHEIGHT full|studio: the detector's answer by another road, as JSON.
//
// ONNX Runtime through its own JavaScript interface, and resampling, colours, decoding and suppression written once more, in
// doubles and in the plainest way: each output pixel is an integral over its area (bilinear where the picture grows).
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const [home, modelPath, picturePath, size, range] = process.argv.slice(2);
const ort = createRequire(path.join(home, "x.js"))("onnxruntime-node");
const model = JSON.parse(fs.readFileSync(modelPath, "utf8"));
const [W, H] = size.split("x").map(Number);
const bytes = fs.readFileSync(picturePath);
const hw = Math.ceil(W / 2), hh = Math.ceil(H / 2);
const planes = [[bytes.subarray(0, W * H), W, H, W, H], [bytes.subarray(W * H, W * H + hw * hh), hw, hh, W / 2, H / 2], [bytes.subarray(W * H + hw * hh), hw, hh, W / 2, H / 2]];

const clip = (v, low, high) => Math.min(Math.max(v, low), high);

// Shares of source pixels in output pixel i of n over `length`.
function shares(i, n, length, count) {
  const step = length / n;
  const low = step <= 1 ? (i + 0.5) * step - 0.5 : i * step;
  const high = step <= 1 ? low + 1 : low + step;
  const list = [];
  for (let k = Math.floor(low); k < high; k++) list.push([clip(k, 0, count - 1), (Math.min(k + 1, high) - Math.max(k, low)) / (high - low)]);
  return list;
}

function sample([data, w, h, lengthX, lengthY], across, down) {
  const out = new Float64Array(across * down);
  const columns = Array.from({ length: across }, (_, x) => shares(x, across, lengthX, w));
  for (let y = 0; y < down; y++)
    for (const [row, a] of shares(y, down, lengthY, h))
      for (let x = 0; x < across; x++)
        for (const [column, b] of columns[x]) out[y * across + x] += a * b * data[row * w + column];
  return out;
}

const { width, height, fit, colours, scale = 1, pad = 114 } = model.input;
const ratio = Math.min(width / W, height / H);
const [across, down] = fit === "letterbox" ? [Math.floor(W * ratio + 1e-9), Math.floor(H * ratio + 1e-9)] : [width, height];
const [sx, sy] = fit === "letterbox" ? [ratio, ratio] : [width / W, height / H];
const [Y, U, V] = planes.map((p) => sample(p, across, down));
const input = new Float32Array(3 * width * height).fill(pad * scale);
for (let y = 0; y < down; y++)
  for (let x = 0; x < across; x++) {
    const i = y * across + x, cb = U[i] - 128, cr = V[i] - 128;
    const [l, k] = range === "full" ? [Y[i], 1] : [(Y[i] - 16) * 255 / 219, 255 / 224];
    const r = l + 1.402 * k * cr, g = l - (0.114 * 1.772 * cb + 0.299 * 1.402 * cr) / 0.587 * k, b = l + 1.772 * k * cb;
    (colours === "rgb" ? [r, g, b] : [b, g, r]).forEach((c, plane) => { input[plane * width * height + y * width + x] = clip(c, 0, 255) * scale; });
  }

const session = await ort.InferenceSession.create(path.join(path.dirname(modelPath), model.file), { intraOpNumThreads: 1, interOpNumThreads: 1 });
const result = await session.run({ [session.inputNames[0]]: new ort.Tensor("float32", input, [1, 3, height, width]) });
const out = result[session.outputNames[0]].data;
const n = model.classes.length;

function* yolox() {
  let at = 0;
  for (const s of model.strides)
    for (let y = 0; y < height / s; y++)
      for (let x = 0; x < width / s; x++, at += 5 + n) {
        const classes = Array.from(out.subarray(at + 5, at + 5 + n)), best = classes.indexOf(Math.max(...classes));
        yield [out[at + 4] * classes[best], best, (out[at] + x) * s, (out[at + 1] + y) * s, Math.exp(out[at + 2]) * s, Math.exp(out[at + 3]) * s];
      }
}

function* fastestdet() {
  const s = model.strides[0], columns = width / s, cells = columns * (height / s), sigmoid = (v) => 1 / (1 + Math.exp(-v));
  for (let i = 0; i < cells; i++) {
    const value = (k) => out[k * cells + i], classes = Array.from({ length: n }, (_, k) => value(5 + k)), best = classes.indexOf(Math.max(...classes));
    yield [value(0) ** 0.6 * classes[best] ** 0.4, best, (i % columns + Math.tanh(value(1))) * s, (Math.floor(i / columns) + Math.tanh(value(2))) * s, sigmoid(value(3)) * width, sigmoid(value(4)) * height];
  }
}

const least = (name) => (Array.isArray(model.report) ? (model.report.includes(name) ? 0 : 2) : model.report ? model.report[name] ?? 2 : 0) || model.score_least;
let boxes = [];
for (const [score, k, cx, cy, w, h] of { yolox, fastestdet }[model.head]()) {
  if (score < least(model.classes[k])) continue;
  const x0 = clip((cx - w / 2) / sx, 0, W), y0 = clip((cy - h / 2) / sy, 0, H), x1 = clip((cx + w / 2) / sx, 0, W), y1 = clip((cy + h / 2) / sy, 0, H);
  boxes.push({ class: model.classes[k], score, x: x0, y: y0, width: x1 - x0, height: y1 - y0 });
}
boxes.sort((a, b) => b.score - a.score);
const kept = [];
for (const b of boxes)
  if (kept.every((a) => {
    const w = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x), h = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y), both = w > 0 && h > 0 ? w * h : 0;
    return both <= model.overlap_most * (a.width * a.height + b.width * b.height - both);
  })) kept.push(b);
console.log(JSON.stringify({ boxes: kept }));
