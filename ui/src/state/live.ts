/* News from the server: which record changed, how far a job is. One stream for the whole page. */
import { onScopeDispose } from "vue";
import { BASE } from "@/api";

export interface Changed { register: string }
export interface JobNews { id: string; state: string; done: number; total: number }
const changed = new Set<(news: Changed) => void>();
const jobs = new Set<(news: JobNews) => void>();
let stream: EventSource | null = null;

function tell<T>(who: Set<(news: T) => void>, event: Event): void {
  try {
    const news = JSON.parse((event as MessageEvent<string>).data) as T;
    who.forEach((told) => told(news));
  } catch { /* a line that is no news is none */ }
}

export function openLive(): void {
  if (stream) return;
  stream = new EventSource(`${BASE}/events`);
  stream.addEventListener("changed", (event) => tell(changed, event));
  stream.addEventListener("job", (event) => tell(jobs, event));
}
export function closeLive(): void { stream?.close(); stream = null; }

export function onChanged(told: (news: Changed) => void): void { changed.add(told); onScopeDispose(() => changed.delete(told)); }
export function onJob(told: (news: JobNews) => void): void { jobs.add(told); onScopeDispose(() => jobs.delete(told)); }
