/* Loose periods stay what they are. Days are counted from 1970-01-01; each expectation names the calendar it was read from. */
import { describe, expect, test } from "vitest";
import { dateText, instantText, isPeriod, periodDays, periodText } from "@/lib/period";

describe("periodText", () => {
  test.each([
    ["2024", "2024年", "2024"], ["2024-03", "2024年3月", "2024-03"], ["2024-03-05", "2024年3月5日", "2024-03-05"],
    ["2021/2023-12", "2021年—2023年12月", "2021 – 2023-12"], ["2021/", "2021年—…", "2021 – …"], ["", "", ""],
  ])("%s", (period, zh, en) => {
    expect(periodText(period, "zh")).toBe(zh);
    expect(periodText(period, "en")).toBe(en);
  });
  test("what is no period is shown as it came", () => { expect(periodText("去年", "zh")).toBe("去年"); });
});

describe("periodDays", () => {
  test("a day, a month, a year: first and last day that the words can mean", () => {
    expect(periodDays("1970-01-01")).toEqual([0, 0]);
    expect(periodDays("1970-02")).toEqual([31, 58]);  // January has 31 days, February 28
    expect(periodDays("1970")).toEqual([0, 364]);
  });
  test("leap years: 2024 has a 29th of February, 1900 and 2023 have none, 2000 has", () => {
    expect(isPeriod("2024-02-29")).toBe(true);
    expect(isPeriod("2000-02-29")).toBe(true);
    expect(isPeriod("2023-02-29")).toBe(false);
    expect(isPeriod("1900-02-29")).toBe(false);
  });
  test("a range runs from the first day of its beginning to the last of its end", () => {
    expect(periodDays("1970/1971-01")).toEqual([0, 395]);  // 365 days of 1970, 31 of January, less one
    expect(periodDays("1971/1970")).toBeNull();
  });
  test.each(["2024-13", "2024-00", "2024-04-31", "2024-3", "24", "2024-01-00", "2024/", "x", ""])("%s is no period", (text) => { expect(isPeriod(text)).toBe(false); });
});

test("dateText is the inverse of a day's number", () => {
  expect(dateText(0)).toBe("1970-01-01");
  expect(dateText(periodDays("2024-02-29")![0])).toBe("2024-02-29");
});

test("instants are shown in Shanghai, eight hours after UTC", () => {
  expect(instantText("2024-12-31T16:30:00Z", "zh")).toBe("2025/01/01 00:30");
  expect(instantText("2024-12-31T16:30:00Z", "en")).toBe("01/01/2025, 00:30");
  expect(instantText("not a time", "zh")).toBe("not a time");
  expect(instantText(null, "zh")).toBe("");
});
