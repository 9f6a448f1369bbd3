/* Long work: started here, followed by the stream of news, with a slow question as a net below it. */
import { reactive } from "vue";
import { ElMessage } from "element-plus/es/components/message/index";
import { api, type Job } from "@/api";

export const jobs = reactive<{ list: Job[] }>({ list: [] });
const POLL_MS = 1200;
const over = (job: Job): boolean => ["done", "failed", "cancelled"].includes(job.state);

export function keepJob(job: Job): void {
  const index = jobs.list.findIndex((one) => one.id === job.id);
  if (index >= 0) jobs.list[index] = job; else jobs.list.unshift(job);
}
export async function refreshJob(id: string): Promise<Job> {
  const job = await api.job(id);
  keepJob(job);
  return job;
}
export async function follow(id: string): Promise<Job> {
  for (;;) {
    const job = await refreshJob(id);
    if (over(job)) return job;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}
/* Start, follow, and hand the file over when it is ready. */
export async function runAndDownload(request: Parameters<typeof api.startJob>[0]): Promise<void> {
  const { id } = await api.startJob(request);
  const job = await follow(id);
  if (job.state === "done" && job.result) download(job.result);
  else if (job.error) ElMessage({ type: "error", message: [job.error.detail, job.error.hint].filter(Boolean).join(" ") });
}
export function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  document.body.appendChild(link);
  link.click();
  link.remove();
}
export async function readJobs(): Promise<void> { jobs.list = (await api.jobs()).jobs; }
export const isOver = over;
