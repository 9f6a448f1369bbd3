import { describe, expect, it } from "vitest";
import type { LandParcel, LandTower } from "@/api";
import { NOTHING_WANTED, areaText, fits, limitOf, nearest, pointIn, polygonsOf, shareText, sightOf } from "@/lib/land";
import { ticks } from "@/lib/scale";

const parcel = (part: Partial<LandParcel>): LandParcel => ({
  id: "p", number: "1", place: "330329105223", place_name: "", land_code: "0101", land_name: "水田", area_m2: 2000, shape: "", origin: "demo",
  seen: 1, before: 0, nodata: 0, towers: 1, best: null, answered: true, wardens: [], ...part,
});
const tower = (part: Partial<LandTower>): LandTower => ({
  id: "t", name: "", place: "330329", state: "standing", project: null, origin: "demo", lon: 119.7, lat: 27.5, mast_m: 40, parcels: null, cameras: [], ...part,
});

describe("farmland", () => {
  it("a parcel that only the planned sites see is not seen today", () => {
    expect(sightOf(parcel({}), "built")).toBe("built");
    expect(sightOf(parcel({}), "today")).toBe("unseen");
    expect(sightOf(parcel({ before: 0.2 }), "today")).toBe("today");
    expect(sightOf(parcel({ seen: 0, nodata: 1 }), "built")).toBe("blank");
    expect(sightOf(parcel({ seen: null, before: null }), "built")).toBe("open");
  });
  it("2,000 m² are three mu and a fifth of a hectare", () => {
    expect(areaText(2000, "zh")).toBe("3.00 亩 · 0.200 公顷");
    expect(areaText(2_000_000, "en")).toBe("3,000.0 mu · 200.0 ha");
    expect(areaText(null, "en")).toBe("—");
  });
  it("a share is never rounded to all or to nothing", () => {
    expect([0, 0.00004, 0.123, 0.5, 0.9999, 1, null].map(shareText)).toEqual(["0%", "0.1%", "12%", "50%", "99.9%", "100%", "—"]);
  });
  it("reads outlines with holes and parts, and nothing else", () => {
    expect(polygonsOf("POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 1))")?.[0].length).toBe(2);
    expect(polygonsOf("MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))")?.length).toBe(2);
    expect(polygonsOf("POINT(1 2)")).toBeNull();
    expect(polygonsOf("POLYGON((0 0,4 0")).toBeNull();
  });
  it("the point of a parcel lies in it, even when its centre does not", () => {
    const [x, y] = pointIn("POLYGON((0 0,10 0,10 10,8 10,8 2,2 2,2 10,0 10,0 0))")!;  // a U: at half its height there are two arms
    expect(y).toBeCloseTo(5, 3);
    expect((x > 0 && x < 2) || (x > 8 && x < 10)).toBe(true);
    const [hx] = pointIn("POLYGON((0 0,9 0,9 4,0 4,0 0),(1 1,5 1,5 3,1 3,1 1))")!;  // right of the hole is the longer piece
    expect(hx).toBeCloseTo(7, 6);
  });
  it("a free line gives no picture beyond the camera's range, nor where it does not turn", () => {
    const east: [number, number] = [119.72, 27.5], camera = { id: "c", name: "" };
    expect(limitOf(tower({ cameras: [{ ...camera, range_m: 5000 }] }), east, 1975)).toBeNull();
    expect(limitOf(tower({ cameras: [{ ...camera, range_m: 1500 }] }), east, 1975)).toBe("range");
    expect(limitOf(tower({ cameras: [{ ...camera, range_m: 5000, pan_from_deg: 180, pan_to_deg: 270 }] }), east, 1975)).toBe("pan");
    expect(limitOf(tower({ cameras: [{ ...camera, range_m: 5000, pan_from_deg: 300, pan_to_deg: 100 }] }), east, 1975)).toBeNull();  // over north
    expect(limitOf(tower({}), east, 10_001)).toBe("range");
  });
  it("names the nearest towers with their distance", () => {
    const found = nearest([tower({ id: "far", lat: 27.7 }), tower({ id: "near", lat: 27.51 })], [119.7, 27.5], 1);
    expect(found[0].tower.id).toBe("near");
    expect(found[0].dist_m).toBeCloseTo(1112, 0);  // 0.01° of latitude on a sphere of 6,371 km: 1,111.95 m
  });
  it("the filters of the list narrow together", () => {
    expect(fits(parcel({ answered: false }), { ...NOTHING_WANTED, sight: "seen", answer: "county" })).toBe(true);
    expect(fits(parcel({}), { ...NOTHING_WANTED, sight: "seen", answer: "county" })).toBe(false);
    expect(fits(parcel({}), { ...NOTHING_WANTED, town: "330329105" })).toBe(true);
    expect(fits(parcel({}), { ...NOTHING_WANTED, town: "330329106" })).toBe(false);
  });
  it("axes get round numbers", () => {
    expect(ticks(433, 1021, 5)).toEqual([600, 800, 1000]);
    expect(ticks(0, 3.3, 8)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3]);
  });
});
