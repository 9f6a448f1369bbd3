/* What kind of happening an event of a story is, and the words for it. */
import type { StoryEvent } from "@/api";
import type { IconName } from "@/components/Icon.vue";

export type Theme = "people" | "money" | "projects" | "assets" | "results" | "life";
export const THEMES: Theme[] = ["people", "money", "projects", "assets", "results", "life"];
export const THEME_ICON: Record<Theme, IconName> = { people: "people", money: "money", projects: "project", assets: "bank", results: "chart", life: "clock" };
export const THEME_TONE: Record<Theme, string> = { people: "green", money: "gold", projects: "blue", assets: "plum", results: "olive", life: "faint" };

const OF: Record<string, Theme> = {
  pairings: "people", assignments: "people", visits: "people", measures: "people", households: "people",
  entries: "money", loans: "money", investments: "money", donations: "money", funds: "money",
  projects: "projects", project_stages: "projects", project_conditions: "projects",
  assets: "assets", asset_upkeep: "assets", systems: "assets", contracts: "assets",
  observations: "results", indicators: "results", awards: "results", employment: "results", publications: "results",
};
/* Income of the village's own book is a result, wherever it is booked. */
export const themeOf = (event: StoryEvent): Theme => (event.register === "entries" && event.kind === "result" ? "results" : OF[event.register] ?? "life");
