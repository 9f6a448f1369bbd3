/* The programme that all pages speak of. Demo programmes stay apart from the others in every figure. */
import { computed, shallowRef, watch } from "vue";
import { api, whole, type Rec } from "@/api";
import { settings } from "@/state/settings";

export interface Programme { id: string; name: string; origin: string; place: string; period: string }
export const programmes = shallowRef<Programme[]>([]);
let asked: Promise<void> | null = null;

async function readAll(): Promise<void> {
  const table = await api.programmes();
  const records = await whole("programmes", { programme: "" }).catch(() => [] as Rec[]);  // place and term are for the pages; the list alone is enough to choose
  programmes.value = table.rows.map(([id, name, origin]) => {
    const record = records.find((one) => one.id === id);
    return { id: String(id), name: String(name), origin: String(origin), place: String(record?.place ?? ""), period: String(record?.period ?? "") };
  });
  if (!programmes.value.some((one) => one.id === settings.programme)) settings.programme = programmes.value[0]?.id ?? "";
}
watch(() => settings.lang, () => { if (asked) asked = readAll().catch(() => undefined); });
export function ensureProgrammes(): Promise<void> {
  asked ??= readAll().catch((error: unknown) => { asked = null; throw error; });
  return asked;
}
export const programme = computed(() => programmes.value.find((one) => one.id === settings.programme));
export const isDemo = computed(() => programme.value?.origin === "demo");
