/* Every call to the server, typed. One function per route of /api/v1; nothing else in the interface calls fetch.
 *
 * Money is integer fen and stays an integer below 2^53 (90 trillion yuan). A failure is an ApiError that carries the
 * server's own sentence and its hint; pages show both as they are.
 */

import type { VillageNorm } from "@/lib/village";
import { settings } from "@/state/settings";

export type Kind = "cash" | "in_kind" | "loan" | "investment" | "result";
export type Basis = "derived" | "documented" | "stated" | "none";
export type Bound = "exact" | "at_least" | "about";
export type Lang = "zh" | "en";

export interface Session {
  user: string; name: string; role: string; scope: string; unit: string; place: string; csrf: string; demo: boolean;
  must_enrol: boolean; expires_utc: string; rights: Record<string, string>; areas: string[];
}
export interface DemoAccount { user: string; password: string; role: string; name: string }
export type ColumnType = "key" | "text" | "int" | "decimal" | "fen" | "date" | "period" | "bound" | "choice" | "code" | "ref" | "refs" | "personal" | "file";
export interface Column {
  name: string; label_zh: string; label_en: string; type: ColumnType; required: boolean;
  choices: string[] | null; refers: string[] | null; example: string;
}
export interface Register { name: string; label_zh: string; label_en: string; key: string; rights: string; columns: Column[] }
export type Value = string | number | null;
export interface Rec { [column: string]: Value | undefined }
export interface Page<T> { records: T[]; next: string | null; count: number | null }
export interface EntryRow {
  period: string; kind: Kind; from_party: string; to_party: string; fund: string; project: string; place: string;
  stage_from: string; stage_to: string; amount_fen: number; bound: Bound;
}
export interface Entry {
  entry: number; key: string; date: string; verb: string; purpose: string; voucher: string; source: string; origin: string;
  unit: string; note: string; reverses: number | null; hash: string; rows: EntryRow[]; author?: string;
}
export interface Change { at_utc: string; author: string; op: "create" | "change" | "remove"; field: string; old: string; new: string; version: number }
export interface FigureData { label?: string; value: number | string | null; unit: string | null; bound: Bound | null; period?: string | null; basis: Basis; origin?: string | null }
export interface MoneyTotal { scope?: string; label?: string; kind: Kind; stage: string | null; amount_fen: number; bound: Bound; figure: string; internal_fen?: number }
export interface IndicatorLine { id: string; name: string; place: string; unit: string | null; baseline: string | null; target: string | null; actual: string | null; change: string | null }
export interface PlacePairing { unit: string; unit_name: string; role: string; period: string }
export interface CockpitPlace {
  code: string; name: string; level: string; parent: string; lon: number | null; lat: number | null; match: string | null;
  pairings: PlacePairing[]; projects: number; activities: number; visits: number;
  below?: boolean;   // the counts take in all places below it
}
export type TallyRegister = "members" | "pairings" | "projects" | "activities" | "visits";
export interface Cockpit {
  programme: { id: string; name: string; place: string; period: string; origin: string }; scope: string; as_of: string;
  places: CockpitPlace[]; money: MoneyTotal[]; stages: { stage: string; count: number }[];
  tallies: { register: TallyRegister; count: number }[];
  indicators: IndicatorLine[]; basis: Record<Basis, number>;
  without_evidence: { figure: string; label: string; value: number | string | null; unit: string | null; bound: Bound; basis: Basis }[];
  cases: CaseLine[]; figures: Record<string, FigureData>;
}
export interface CaseLine { [column: string]: Value | undefined }
export interface FlowNode { id: string; label: string; column: "unit" | "place" | "project" | "asset" | "unstated" }
export interface FlowLink { from: string; to: string; amount_fen: number; bound: Bound; kind: Kind; stage: string; figure: string | null; rows: number; first_entry: number }
export interface Flow { nodes: FlowNode[]; links: FlowLink[] }
export interface StoryEvent {
  period: string; register: string; id: string | number; label: string; detail: string; units: string[]; place?: string;
  figure: string | null; amount_fen: number | null; basis: Basis; kind: Kind | null; value: string | null; unit: string | null; bound: Bound | null; stage: string | null;
}
export interface Story { id: string; name: string; place?: string; events: StoryEvent[] }
export interface TraceNode {
  node: string; id: string | null; label: string; value: number | string | null; unit: string | null; bound: Bound | null; date: string | null;
  source: string | null; phrase: string | null; sha256: string | null; children: TraceNode[];
}
export interface Trace {
  figure: { id: string; label: string; value: number | string | null; unit: string | null; bound: Bound | null; period: string | null;
    who: string | null; where: string | null; basis: Basis; origin: string | null };
  tree: TraceNode; recomputed: { value: number | string | null; equal: boolean };
}
export interface ReportPart { text: string; figure?: string }
export interface Report {
  programme: string; programme_name: string; lang: Lang; from: string; to: string; as_of: string; origins: string[]; head_entry: number; head_hash: string;
  money: MoneyTotal[]; indicators: IndicatorLine[]; figures: Record<string, FigureData>; marks: Record<Basis, number>;
  chapters: { id: string; scope: string; title: string; paragraphs: { text: string; figures: string[]; parts?: ReportPart[] }[] }[];
}
export interface Statement { scope: string; label: string; on: string | null; money: MoneyTotal[] }
export interface AgeingRow { fund: string; fund_name: string; entry: number; received_on: string | null; received_fen: number; unpaid_fen: number; days: number | null }
export interface Table { title: string; heads?: string[]; columns?: string[]; rows: Value[][] }
export interface PressToken {
  line: number; column: number; text: string; unit: string; value: number | string | null; bound: Bound | null; period: string | null;
  verdict: "found" | "stated_only" | "different" | "without_basis" | "not_a_figure"; figure: string | null; facts: string[]; ours: string | null; reason: string;
}
export interface Press { tokens: PressToken[]; summary: Record<string, number> }
export interface User {
  id: string; name: string; role: string; scope: string; units: string[]; unit: string; place: string; state: "active" | "invited" | "disabled";
  locked_until_utc: string | null; last_login_utc: string | null; totp: boolean;
}
export interface LogLine { id: number; at_utc: string; actor: string; role: string; address: string; action: string; object: string; outcome: string; reason: string; hash: string }
export interface Problem { type: string; title: string; status: number; detail: string; code: string; where: string; hint: string; current?: Rec }
export interface ImportAnswer {
  rows: number; added: number; changed: number; unchanged: number; refused: number;
  errors: { row: number; column: string; what: string; hint: string }[]; import: string | null;
}
export interface Job {
  id: string; kind: string; label: string; state: "waiting" | "running" | "done" | "failed" | "cancelled"; done: number; total: number; started_utc: string;
  error: Problem | null; result: string | null; answer: ImportAnswer | null;
}
export interface ImportLine { id: string; register: string; file: string; at_utc: string; author: string; added: number; changed: number; state: "done" | "undone" }
export interface Group { [by: string]: Value | undefined; amount_fen: number; rows: number }

export interface LandCamera { id: string; name: string; range_m?: number; pan_from_deg?: number; pan_to_deg?: number }
export interface LandTower {
  id: string; name: string; place: string; state: "standing" | "upgrade" | "planned"; project: string | null; origin: string;
  lon: number; lat: number; mast_m: number; parcels: number | null; cameras: LandCamera[];
}
export interface LandParcel {
  id: string; number: string; place: string; place_name: string; land_code: string; land_name: string; area_m2: number | null; shape: string; origin: string;
  seen: number | null; before: number | null; nodata: number | null; towers: number | null; best: string | null; answered: boolean; wardens: string[];
}
export interface LandWarden { id: string; person: string; post: string; level: "county" | "town" | "village"; place: string; place_name: string; period: string }
export type LandSumName = "all" | "seen" | "before" | "unseen" | "unknown" | "unanswered";
export interface Land {
  run: { at_utc: string; fresh: boolean; epsg: number; cell_m: number } | null; more: boolean;
  sums: Record<LandSumName, { parcels: number; area_m2: number }>; towers: LandTower[]; parcels: LandParcel[]; wardens: LandWarden[];
}
export interface LandSight { tower: string; parcel: string; seen: number; dist_m: number; pixel_m: number | null; incidence_deg: number | null; blocker_dist_m: number | null }
export interface LandProfile {
  sight: "seen" | "hidden" | "unknown"; dist_m: number; margin_m: number | null; blocker_dist_m: number | null; eye_target_m: [number | null, number | null];
  at_m: number[]; ground_m: (number | null)[]; sight_m: (number | null)[];
}

export type WaterLimit = "none" | "min_head" | "max_head" | "velocity";
export interface WaterNode { id: string; kind: "junction" | "reservoir" | "tank"; elevation_m: number | null; demand_lps: number | null; min_m: number | null; lon: number | null; lat: number | null }
export interface WaterLink { id: string; kind: string; from: number; to: number; length_m: number | null; vertices: [number, number][]; options: number[] | null }
export interface WaterDesign {
  id: string; name: string; name_en: string; role: "before" | "after" | "alternative"; feasible: string; worst: string; slack: string; made_on: string; note: string; origin: string;
  cost_fen: number | null; bound_fen: number | null; seed: number | null; work: number | null; chosen: (number | null)[] | null;
}
export interface WaterNet {
  id: string; name: string; name_en: string; place: string; project: string; project_name: string; budget: string; note: string; origin: string; project_budget_fen: number | null; project_version: number | null;
  cases: string[]; velocity_max_ms: number | null; sizes: { key: string; price_fen: number }[]; nodes: WaterNode[]; links: WaterLink[]; designs: WaterDesign[];
}
export interface WaterSlack { limit: WaterLimit; index: number; case: number; slack: number }
export interface WaterAnswer {
  cost_fen: number; sums: { size: number; pipes: number; length_mm: number; cost_fen: number }[]; case: number; worst: WaterSlack; broken: WaterSlack[]; broken_all: number;
  shortage: { node: number; short_m: number; static_m: number; cut_off: boolean; worst_link: number | null; worst_loss_m: number | null; remedy_link: number | null; remedy_mm: number | null } | null;
  head_m: number[]; pressure_m: number[]; slack_m: (number | null)[]; flow_lps: number[]; velocity_ms: number[]; loss_m: number[]; pump_kw: number; way: { nodes: number[]; at_m: number[] }; ms: number;
}

export interface PlantLine {
  id: string; name: string; name_en: string; asset: string; place: string; place_name: string; use: "all_fed_in" | "surplus"; origin: string; problem: string | null;
  dc_w: number | null; ac_w: number | null; computed: boolean; fresh: boolean; open_alarms: number; first_day: string | null; last_day: string | null;
}
export type PlantPart = "self_use" | "feed_in" | "subsidy";
export interface PlantEarning { part: PlantPart; wh: number; amount_fen: number; bound: Bound; priced: boolean; entry: number | null; reversed: number | null; booked_fen: number | null }
/* Wh of a day or a month; null = not told. */
export interface PlantEnergy { generated_wh: number; fed_in_wh: number | null; self_use_wh: number | null; expected_wh: number | null; clear_wh: number; light_wh_m2: number | null; left_out_wh: number; steps: number; steps_read: number }
export interface PlantDay extends PlantEnergy { day: string; steps_fed: number }
export interface PlantMonth extends PlantEnergy { month: string; whole: boolean; ratio_ppm: number | null; corrected_ppm: number | null; parts: PlantEarning[] }
export interface PlantFault { kind: string; inverter: string | null; first_utc: string; last_utc: string; value: string | null; expected: string | null; lost_wh: number; fault: string | null; case: string | null }
export interface Plant extends PlantLine {
  note: string | null; fund: string | null; project: string | null; keeper: string | null; horizon: "file" | "terrain" | "none" | null; document: string;
  loss_per_year: string | null; loss_low: string | null; loss_high: string | null; lat_deg: number | null; lon_deg: number | null; zone_minutes: number; inverters: number; arrays: number; step_ms: number; run_utc: string | null;
  months: PlantMonth[]; faults: PlantFault[]; batches: { id: string; document: string; received: string; first_day?: string; last_day?: string }[];
  tariffs: { id: string; part: PlantPart; begins: string; ends: string | null; price_yuan_kwh: string; payer: string | null }[];
}
export interface PlantCourse { step_s: number; utc: string[]; light_w_m2: (number | null)[]; inverters: { name: string; read_w: (number | null)[]; expected_w: (number | null)[]; left_out: number[] }[] }
export interface PlantSettled { document: string | null; booked: number; unchanged: number }

export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) { super(problem.detail || problem.title); this.problem = problem; }
  get status(): number { return this.problem.status; }
  get code(): string { return this.problem.code; }
}

export const BASE = "/api/v1";
export type Query = Record<string, string | number | boolean | null | undefined>;
interface Options { query?: Query; json?: unknown; bytes?: Blob; headers?: Record<string, string> }

let csrf = "";
let onExpired: () => void = () => undefined;
export function useCsrf(token: string): void { csrf = token; }
export function whenExpired(told: () => void): void { onExpired = told; }

export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join("&");
  return BASE + path + (text ? `?${text}` : "");
}

/* A failure may come from a proxy or a broken line: it becomes a problem too, so that pages know one kind only. */
async function problemOf(response: Response): Promise<Problem> {
  const plain: Problem = { type: "about:blank", title: response.statusText, status: response.status, detail: "", code: `http.${response.status}`, where: "", hint: "" };
  try { return { ...plain, ...(await response.json()) as Problem, status: response.status }; } catch { return plain; }
}

async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": settings.lang === "zh" ? "zh-CN" : "en", ...options.headers };
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  if (options.json !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method, headers, credentials: "same-origin", body: options.json !== undefined ? JSON.stringify(options.json) : options.bytes,
    });
  } catch {
    throw new ApiError({ type: "about:blank", title: "offline", status: 0, detail: "", code: "http.offline", where: "", hint: "" });
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (response.status === 401 && !path.startsWith("/session")) onExpired();
  throw new ApiError(problem);
}

const read = async <T>(path: string, query?: Query): Promise<T> => (await send("GET", path, { query })).json() as Promise<T>;
const write = async <T>(method: string, path: string, json?: unknown, headers?: Record<string, string>): Promise<T> => {
  const response = await send(method, path, { json, headers });
  const text = response.status === 204 ? "" : await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
};
const part = encodeURIComponent;
/* Which programme and which words. Every list, sum, search and document asks with it, so that a demo programme and the
 * others never share an answer: this is the one place. Ask with programme: "" for what lies outside of any. */
const here = (): Query => ({ programme: settings.programme, lang: settings.lang });

/* The same key twice books once: a key is made when a form opens and lives until it is saved. */
export function newKey(): string {
  const bytes = new Uint8Array(16);
  crypto.getRandomValues(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const api = {
  login: (body: { user: string; password: string; totp?: string }) => write<Session>("POST", "/session", body),
  session: () => read<Session>("/session"),
  logout: () => write<void>("DELETE", "/session"),
  changePassword: (old: string, fresh: string) => write<void>("POST", "/session/password", { old, new: fresh }),
  beginTotp: () => write<{ secret: string; uri: string }>("POST", "/session/totp", {}),
  confirmTotp: (code: string) => write<void>("PUT", "/session/totp", { code }),
  demoAccounts: () => read<{ accounts: DemoAccount[] }>("/demo-accounts"),
  acceptInvitation: (token: string, password: string) => write<void>("POST", "/invitation", { token, password }),

  registers: () => read<{ registers: Register[] }>("/registers"),
  list: <T = Rec>(register: string, query: Query = {}) => read<Page<T>>(`/records/${part(register)}`, { ...here(), ...query }),
  async get<T = Rec>(register: string, id: string | number): Promise<T> { return read<T>(`/records/${part(register)}/${part(String(id))}`); },
  create: (register: string, body: unknown, key?: string) =>
    write<Rec>("POST", `/records/${part(register)}`, body, key ? { "Idempotency-Key": key } : {}),
  change: (register: string, id: string | number, version: number, body: Rec) =>
    write<Rec>("PATCH", `/records/${part(register)}/${part(String(id))}`, body, { "If-Match": `"${version}"` }),
  history: (register: string, id: string | number) => read<{ history: Change[] }>(`/records/${part(register)}/${part(String(id))}/history`),
  reveal: (register: string, id: string | number, fields: string[], reason: string) =>
    write<{ fields: Record<string, string> }>("POST", `/records/${part(register)}/${part(String(id))}/reveal`, { fields, reason }),
  erase: (register: string, id: string, reason: string) => write<{ certificate: string; texts: number }>("POST", `/records/${part(register)}/${part(id)}/erase`, { reason }),
  /* A PDF for the person, as an address that the page may open. */
  ownCopy: async (register: string, id: string, reason: string) =>
    URL.createObjectURL(await (await send("POST", `/records/${part(register)}/${part(id)}/own-copy`, { json: { reason, format: "pdf" }, query: { lang: settings.lang } })).blob()),
  search: (q: string, limit = 20) => read<{ found: { register: string; id: string; label: string; place: string }[] }>("/search", { q, limit, ...here() }),

  groups: (by: string, query: Query = {}) => read<{ head_entry: number; by: string[]; groups: Group[] }>("/money/groups", { by, ...here(), ...query }),
  cockpit: (programme: string, lang: Lang) => read<Cockpit>("/cockpit", { programme, lang }),
  flow: (programme: string, kind: Kind, lang: Lang) => read<Flow>("/flow", { programme, kind, lang }),
  placeStory: (code: string, lang: Lang) => read<Story>(`/places/${part(code)}/story`, { ...here(), lang }),
  unitStory: (id: string, lang: Lang) => read<Story>(`/units/${part(id)}/story`, { ...here(), lang }),
  programmes: () => read<Table>("/programmes", { lang: settings.lang }),
  report: (query: Query) => read<Report>("/report", query),
  trace: (figure: string) => read<Trace>(`/trace/${part(figure)}`, { lang: settings.lang }),
  statement: (scope: string, on: string) => read<Statement>("/statement", { scope, on, ...here() }),
  ageing: (on: string) => read<{ rows: AgeingRow[] }>("/ageing", { on, ...here() }),
  roster: (what: string, on: string) => read<Table>("/roster", { what, on, ...here() }),
  land: (query: Query = {}) => read<Land>("/land", { ...here(), ...query }),
  landSights: (of: { tower: string } | { parcel: string }) => read<{ sights: LandSight[] }>("/land/sights", of),
  landProfile: (tower: string, lon: number, lat: number) => read<LandProfile>("/land/profile", { tower, lon: lon.toFixed(6), lat: lat.toFixed(6) }),
  landView: (tower: string) => read<object>(`/land/view/${part(tower)}`),
  water: (id: string) => read<WaterNet>(`/water/${part(id)}`),
  villageNorms: () => read<{ norms: VillageNorm[] }>("/water-village/norms"),
  villageFile: async (network: string, name: string) => (await send("GET", `/water-village/${part(network)}/${part(name)}`)).text(),
  content: async (sha256: string) => (await send("GET", `/documents/${part(sha256)}`)).text(),
  waterSolve: (id: string, sizes: string, to: string) => write<WaterAnswer>("POST", `/water/${part(id)}/solve`, { sizes, ...(to ? { to } : {}) }),
  waterKeep: (id: string, design: { name: string; role: string; sizes: string }, key: string) => write<Rec>("POST", `/water/${part(id)}/designs`, design, { "Idempotency-Key": key }),
  waterBudget: (id: string, design: string, version: number, key: string) => write<Rec>("POST", `/water/${part(id)}/budget`, { design, version }, { "Idempotency-Key": key }),
  plants: () => read<{ plants: PlantLine[] }>("/solar", here()),
  plant: (id: string) => read<Plant>(`/solar/${part(id)}`),
  plantDays: (id: string, from: string, to: string) => read<{ days: PlantDay[] }>(`/solar/${part(id)}/days`, { from, to }),
  plantCourse: (id: string, from: string, to: string) => read<PlantCourse>(`/solar/${part(id)}/course`, { from, to }),
  plantSettle: (id: string, month: string, key: string) => write<PlantSettled>("POST", `/solar/${part(id)}/settle`, { month }, { "Idempotency-Key": key }),
  async plantReadings(id: string, file: File): Promise<Rec> {
    const response = await send("POST", `/solar/${part(id)}/readings`, { bytes: file, headers: { "Content-Type": "text/csv", "X-File-Name": encodeURIComponent(file.name) } });
    return response.json() as Promise<Rec>;
  },
  cases: (on: string) => read<Table>("/cases", { on, ...here() }),
  queue: (on: string) => read<Table>("/queue", { on, ...here() }),
  async press(text: string, programme: string): Promise<Press> {
    const response = await send("POST", "/press", { query: { programme }, bytes: new Blob([text], { type: "text/plain" }) });
    return response.json() as Promise<Press>;
  },

  users: () => read<{ users: User[] }>("/users"),
  addUser: (user: Partial<User>) => write<{ invitation: string }>("POST", "/users", user),
  changeUser: (id: string, user: Partial<User>) => write<void>("PATCH", `/users/${part(id)}`, user),
  inviteAgain: (id: string) => write<{ invitation: string }>("POST", `/users/${part(id)}/invitation`, {}),
  unlock: (id: string) => write<void>("POST", `/users/${part(id)}/unlock`, {}),
  log: (which: "operations" | "logins", query: Query) => read<{ log: LogLine[]; next: string | null }>(`/logs/${which}`, query),

  startJob: (job: Query & { kind: string }) => write<{ id: string; state: string }>("POST", "/jobs", { ...here(), ...job }),
  jobs: () => read<{ jobs: Job[] }>("/jobs"),
  job: (id: string) => read<Job>(`/jobs/${part(id)}`),
  cancelJob: (id: string) => write<void>("DELETE", `/jobs/${part(id)}`),
  async upload(register: string, file: File, dry: boolean): Promise<Job> {
    const response = await send("POST", "/imports", {
      query: { register, dry: dry ? 1 : undefined }, bytes: file,
      headers: { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) },
    });
    return response.json() as Promise<Job>;
  },
  imports: () => read<{ imports: ImportLine[] }>("/imports"),
  undoImport: (id: string) => write<void>("POST", `/imports/${part(id)}/undo`, {}),
  async addDocument(file: File): Promise<{ id: string; sha256: string; bytes: number }> {
    const response = await send("POST", "/documents", {
      bytes: file, headers: { "Content-Type": file.type || "application/octet-stream", "X-File-Name": encodeURIComponent(file.name) },
    });
    return response.json() as Promise<{ id: string; sha256: string; bytes: number }>;
  },
};

/* Small registers (units, places) are read whole, page by page; the bound keeps a mistake from reading a ledger. */
const WHOLE_PAGES_MAX = 40;
export async function whole<T = Rec>(register: string, query: Query = {}): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = "";
  for (let page = 0; page < WHOLE_PAGES_MAX && cursor !== null; page++) {
    const answer: Page<T> = await api.list<T>(register, { limit: 200, ...query, cursor });
    all.push(...answer.records);
    cursor = answer.next;
  }
  return all;
}
