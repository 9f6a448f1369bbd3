/* Round numbers along an axis: 1, 2 or 5 times a power of ten, about as many as asked for, all within [low, high]. */
export function ticks(low: number, high: number, about: number): number[] {
  const rough = (high - low) / Math.max(1, about), power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? power;
  const first = Math.ceil(low / step), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/* First days of months between two days (since 1970), so far apart that about `about` of them stand on an axis. */
export function months(first: number, last: number, about: number): { day: number; text: string }[] {
  const rough = (last - first) / 30.44 / Math.max(1, about), step = [1, 2, 3, 6, 12, 24, 60].find((one) => one >= rough) ?? 120;
  const from = new Date(first * 86_400_000), out: { day: number; text: string }[] = [];
  for (let month = Math.ceil((from.getUTCFullYear() * 12 + from.getUTCMonth()) / step) * step; ; month += step) {
    const year = Math.floor(month / 12), day = Date.UTC(year, month % 12, 1) / 86_400_000;
    if (day > last) return out;
    if (day >= first) out.push({ day, text: step >= 12 ? String(year) : `${year}-${String((month % 12) + 1).padStart(2, "0")}` });
  }
}
