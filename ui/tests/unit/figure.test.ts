/* A figure as text. The values are those of the article's facts (data/taishun/facts.csv) where a fact is named. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { figureText, pageOfFigure, plainNumber, unitText } from "@/lib/figure";

describe("figureText", () => {
  test("F015: five fields and more", () => {
    expect(figureText(5, "field", "at_least", "zh")).toBe("5余个领域");
    expect(figureText(5, "field", "at_least", "en")).toBe("at least 5 fields");
  });
  test("yuan become 万, exactly", () => {
    expect(figureText(7_000_000, "CNY", "at_least", "zh")).toBe("700余万元");
    expect(figureText("0.07", "CNY", null, "zh")).toBe("0.07元");
  });
  test("an amount finer than a fen keeps its digits in yuan", () => { expect(figureText("1.234", "CNY", null, "zh")).toBe("1.234元"); });
  test("a year is no quantity: no comma in it", () => {
    expect(figureText(2021, "calendar_year", null, "zh")).toBe("2021年");
    expect(figureText(2021, "calendar_year", null, "en")).toBe("2021");
  });
  test("nothing is a dash, zero is a zero", () => {
    expect(figureText(null, "person", null, "zh")).toBe("—");
    expect(figureText("", "person", null, "zh")).toBe("—");
    expect(figureText(0, "person", null, "zh")).toBe("0人");
  });
  test("an unknown unit is shown as it is, without its underlines", () => {
    expect(unitText("light_year", "en")).toBe("light year");
    expect(unitText(null, "en")).toBe("");
  });
  test("numbers are grouped, decimals and the sign stay", () => {
    expect(plainNumber("118400")).toBe("118,400");
    expect(plainNumber("-1234.50")).toBe("−1,234.50");
    expect(plainNumber("1/3")).toBe("1/3");
  });
});

test("every unit of the article's facts has words in both languages", () => {
  const [head, ...lines] = readFileSync(new URL("../../../data/taishun/facts.csv", import.meta.url), "utf8").trim().split("\n");
  const at = head.split(",").indexOf("unit");
  expect(at).toBeGreaterThan(0);
  const cells = (line: string): string[] => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((found) => found[1]);
  const units = new Set(lines.map((line) => cells(line)[at]).filter((unit) => /^[a-z]\w*$/.test(unit) && unit !== "calendar_year" && unit !== "ratio" && unit !== "item"));
  expect(units.size).toBeGreaterThan(10);
  expect([...units].filter((unit) => unitText(unit, "zh") === unit.replace(/_/g, " "))).toEqual([]);
});

describe("pageOfFigure", () => {
  test.each([
    ["entry.128", "/money/entries/128"], ["obs.o-1", "/registers/observations/o-1"], ["fact.F015", "/registers/facts/F015"], ["doc.d-1", "/registers/documents/d-1"],
    ["record.assets.a-1", "/registers/assets/a-1"], ["record.assets.a.b", "/registers/assets/a.b"],
  ])("%s leads to %s", (id, page) => { expect(pageOfFigure(id)).toBe(page); });
  test.each([`doc.${"0".repeat(64)}`, "total.group.cash.paid@all", "record.assets", "", null])("%s has no page", (id) => { expect(pageOfFigure(id)).toBeNull(); });
});
