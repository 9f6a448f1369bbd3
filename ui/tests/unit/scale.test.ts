import { describe, expect, it } from "vitest";
import { months } from "@/lib/scale";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
const texts = (first: string, last: string, about: number): string[] => months(day(first), day(last), about).map((one) => one.text);

describe("months along an axis", () => {
  it("are first days, each on its own day", () => {
    expect(months(day("2024-04-25"), day("2024-06-02"), 4)).toEqual([{ day: day("2024-05-01"), text: "2024-05" }, { day: day("2024-06-01"), text: "2024-06" }]);
  });
  it("take in the first and the last day", () => expect(texts("2024-01-01", "2024-03-01", 5)).toEqual(["2024-01", "2024-02", "2024-03"]));
  it("stand further apart where there are many", () => expect(texts("2023-02-10", "2024-08-20", 4)).toEqual(["2023-07", "2024-01", "2024-07"]));
  it("are years over many years", () => expect(texts("2019-05-01", "2024-05-01", 6)).toEqual(["2020", "2021", "2022", "2023", "2024"]));
});
