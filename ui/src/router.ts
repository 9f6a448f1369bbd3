/* The map of the interface. Every page is a chunk of its own; `area` is the right to see a page group,
 * `whole` that the page sums over everything, `nav` its place in the menu. */
import { createRouter, createWebHashHistory, type RouteRecordRaw } from "vue-router";
import type { IconName } from "@/components/Icon.vue";
import { ensureProgrammes } from "@/state/programme";
import { ensureSession, opens, session } from "@/state/session";

declare module "vue-router" {
  interface RouteMeta { open?: boolean; area?: string; whole?: boolean; nav?: string; icon?: IconName; group?: string; under?: string }
}

export const ROUTES: RouteRecordRaw[] = [
  { path: "/login", name: "login", component: () => import("@/pages/entry/Login.vue"), meta: { open: true } },
  { path: "/invitation", name: "invitation", component: () => import("@/pages/entry/Invitation.vue"), meta: { open: true } },
  { path: "/", redirect: "/home" },
  { path: "/home", component: () => import("@/pages/home/Cockpit.vue"), meta: { area: "home", nav: "home", icon: "home", group: "see" } },
  { path: "/people", component: () => import("@/pages/people/People.vue"), meta: { area: "people", nav: "people", icon: "link", group: "see" } },
  { path: "/units", component: () => import("@/pages/people/Units.vue"), meta: { area: "people", nav: "units", icon: "people", group: "see" } },
  { path: "/units/:id", component: () => import("@/pages/people/Unit.vue"), meta: { area: "people", under: "/units" } },
  { path: "/places", component: () => import("@/pages/places/Places.vue"), meta: { area: "people", nav: "places", icon: "pin", group: "see" } },
  { path: "/places/:id", component: () => import("@/pages/places/Place.vue"), meta: { area: "people", under: "/places" } },
  { path: "/projects", component: () => import("@/pages/projects/Projects.vue"), meta: { area: "projects", nav: "projects", icon: "project", group: "work" } },
  { path: "/projects/:id", component: () => import("@/pages/projects/Project.vue"), meta: { area: "projects", under: "/projects" } },
  { path: "/land", component: () => import("@/pages/land/Land.vue"), meta: { area: "land", nav: "land", icon: "mast", group: "work" } },
  { path: "/water", component: () => import("@/pages/water/Water.vue"), meta: { area: "water", nav: "water", icon: "drop", group: "work" } },
  { path: "/water/village", component: () => import("@/pages/water/VillagePage.vue"), meta: { area: "water", under: "/water" } },
  { path: "/water/:id", component: () => import("@/pages/water/WaterPage.vue"), meta: { area: "water", under: "/water" } },
  { path: "/solar", component: () => import("@/pages/solar/Solar.vue"), meta: { area: "solar", nav: "solar", icon: "sun", group: "work" } },
  { path: "/solar/:id", component: () => import("@/pages/solar/PlantPage.vue"), meta: { area: "solar", under: "/solar" } },
  { path: "/money", component: () => import("@/pages/money/Money.vue"), meta: { area: "money", nav: "money", icon: "money", group: "work" } },
  { path: "/money/new", component: () => import("@/pages/money/NewEntry.vue"), meta: { area: "money", under: "/money" } },
  { path: "/money/entries/:id", component: () => import("@/pages/money/EntryPage.vue"), meta: { area: "money", under: "/money" } },
  { path: "/money/statement", component: () => import("@/pages/money/Statement.vue"), meta: { area: "money", nav: "statement", icon: "scale", group: "work" } },
  { path: "/money/ageing", component: () => import("@/pages/money/Ageing.vue"), meta: { area: "money", whole: true, nav: "ageing", icon: "clock", group: "work" } },
  { path: "/money/loans", component: () => import("@/pages/money/Loans.vue"), meta: { area: "money", nav: "loans", icon: "bank", group: "work" } },
  { path: "/money/investments", component: () => import("@/pages/money/Investments.vue"), meta: { area: "money", nav: "investments", icon: "board", group: "work" } },
  { path: "/households", component: () => import("@/pages/households/Households.vue"), meta: { area: "households", nav: "households", icon: "house", group: "work" } },
  { path: "/households/:id", component: () => import("@/pages/households/Household.vue"), meta: { area: "households", under: "/households" } },
  { path: "/indicators", component: () => import("@/pages/indicators/Indicators.vue"), meta: { area: "indicators", nav: "indicators", icon: "chart", group: "work" } },
  { path: "/indicators/:id", component: () => import("@/pages/indicators/Indicator.vue"), meta: { area: "indicators", under: "/indicators" } },
  { path: "/cases", component: () => import("@/pages/cases/Cases.vue"), meta: { area: "cases", nav: "cases", icon: "case", group: "work" } },
  { path: "/cases/:id", component: () => import("@/pages/cases/Case.vue"), meta: { area: "cases", under: "/cases" } },
  { path: "/documents", component: () => import("@/pages/documents/Documents.vue"), meta: { area: "documents", nav: "documents", icon: "doc", group: "tell" } },
  { path: "/report", component: () => import("@/pages/report/Report.vue"), meta: { area: "report", nav: "report", icon: "report", group: "tell" } },
  { path: "/press", component: () => import("@/pages/report/Press.vue"), meta: { area: "press", nav: "press", icon: "press", group: "tell" } },
  { path: "/exchange", component: () => import("@/pages/exchange/Exchange.vue"), meta: { area: "exchange", nav: "exchange", icon: "exchange", group: "tell" } },
  { path: "/registers", component: () => import("@/pages/registers/Registers.vue"), meta: { nav: "registers", icon: "book", group: "tell" } },
  { path: "/registers/entries", redirect: "/money" },
  { path: "/registers/entries/:id", redirect: (to) => `/money/entries/${String(to.params.id)}` },
  { path: "/registers/:register", component: () => import("@/pages/registers/RegisterPage.vue"), meta: { under: "/registers" } },
  { path: "/registers/:register/:id", component: () => import("@/pages/registers/RecordPage.vue"), meta: { under: "/registers" } },
  { path: "/users", component: () => import("@/pages/admin/Users.vue"), meta: { area: "users", nav: "users", icon: "user", group: "keep" } },
  { path: "/roles", component: () => import("@/pages/admin/Roles.vue"), meta: { area: "users", nav: "roles", icon: "role", group: "keep" } },
  { path: "/logs", component: () => import("@/pages/admin/Logs.vue"), meta: { area: "logs", nav: "logs", icon: "log", group: "keep" } },
  { path: "/jobs", component: () => import("@/pages/admin/Jobs.vue"), meta: { nav: "jobs", icon: "job", group: "keep" } },
  { path: "/account", component: () => import("@/pages/account/Account.vue") },
  { path: "/:rest(.*)*", component: () => import("@/pages/entry/NotFound.vue"), meta: { open: true } },
];

export const router = createRouter({ history: createWebHashHistory(), routes: ROUTES, scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 } });

/* The first page that a role sees: an audit administrator has no cockpit. */
export const firstPage = (): string => ROUTES.find((route) => route.meta?.nav && opens(route.meta))?.path ?? "/account";

/* Which page stands, for who watches from outside: the address says where one is going, this where one has arrived. */
router.afterEach((to, _from, failure) => { if (!failure) document.documentElement.dataset.route = to.fullPath; });

router.beforeEach(async (to) => {
  if (to.meta.open) return true;
  try { await ensureSession(); } catch { return { path: "/login", query: { to: to.fullPath } }; }
  if (!session.value) return { path: "/login", query: { to: to.fullPath } };
  if (session.value.must_enrol && to.path !== "/account") return "/account";
  if (!opens(to.meta)) return to.path === "/home" ? firstPage() : { path: "/account", query: { refused: to.meta.area } };
  await ensureProgrammes().catch(() => undefined);  // a role without programmes still has its pages
  return true;
});
