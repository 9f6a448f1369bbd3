/* The one open derivation. Any figure on any page asks here; the drawer of the frame shows it. */
import { reactive } from "vue";

export const traceState = reactive<{ open: boolean; figure: string; path: string[] }>({ open: false, figure: "", path: [] });

export function openTrace(figure: string): void {
  traceState.path = traceState.open ? [...traceState.path, traceState.figure] : [];
  traceState.figure = figure;
  traceState.open = true;
}
export function backTrace(): void {
  const last = traceState.path.pop();
  if (last) traceState.figure = last;
}
