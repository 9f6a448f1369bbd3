/* Money in words. Each expected text is written out by hand from the amount in fen: 1 yuan is 100 fen, 万 is 10^4 yuan, 亿 is 10^8. */
import { describe, expect, test } from "vitest";
import { bounded, exactOver, fenOfYuan, grouped, moneyParts, moneyText, parseMoney, sumFen, yuanText } from "@/lib/money";

const WAN = 1_000_000;  // fen of 1万元

describe("exactOver", () => {
  test("keeps every digit and no zero after the last", () => {
    expect(exactOver(123_456n, 1_000_000n)).toBe("0.123456");  // 123456 / 10^6
    expect(exactOver(1_500_000n, 1_000_000n)).toBe("1.5");
    expect(exactOver(2_000_000n, 1_000_000n)).toBe("2");
  });
  test("writes the minus of typography, and none for zero", () => {
    expect(exactOver(-25n, 100n)).toBe("−0.25");
    expect(exactOver(0n, 100n)).toBe("0");
  });
});

test("grouped puts a comma before each third digit from the right", () => {
  expect(grouped(7n)).toBe("7");
  expect(grouped(1234n)).toBe("1,234");
  expect(grouped(1_234_567n)).toBe("1,234,567");
});

describe("moneyText", () => {
  test("7000000 yuan, the article's 700余万元, at least", () => {
    expect(moneyText(700 * WAN, "at_least", "zh")).toBe("700余万元");
    expect(moneyText(700 * WAN, "at_least", "en")).toBe("at least 7 million yuan");
  });
  test("about stands before the number", () => {
    expect(moneyText(300_000 * 100, "about", "zh")).toBe("约30万元");
    expect(moneyText(300_000 * 100, "about", "en")).toBe("about 300,000 yuan");
  });
  test("325000 yuan is 32.5万, and below a million in English", () => {
    expect(moneyText(325_000 * 100, "exact", "zh")).toBe("32.5万元");
    expect(moneyText(325_000 * 100, "exact", "en")).toBe("325,000 yuan");
  });
  test("亿 when at most four decimals are left, else 万", () => {
    expect(moneyText(12_345 * 10_000 * 100 * 10, null, "zh")).toBe("12.345亿元");  // 12345万 × 10 = 1 234 500 000 yuan
    expect(moneyText(100_001_000 * 100, null, "zh")).toBe("10,000.1万元");  // 1.00001亿 would need five
  });
  test("what is not whole in 万 to two decimals stays in yuan", () => {
    expect(moneyText(12_345 * 100, null, "zh")).toBe("12,345元");  // 1.2345万 would need four decimals
    expect(moneyText(12_300 * 100, null, "zh")).toBe("1.23万元");
  });
  test("fen are never lost", () => {
    expect(moneyText(1, null, "zh")).toBe("0.01元");
    expect(moneyText(100_000_001, null, "en")).toBe("1,000,000.01 yuan");
  });
  test("the largest amount of a JSON number is exact", () => {
    expect(moneyText(Number.MAX_SAFE_INTEGER, null, "zh")).toBe("90,071,992,547,409.91元");  // 2^53 - 1 fen
  });
  test("below zero", () => {
    expect(moneyText(-350_000 * 100, null, "zh")).toBe("−35万元");
    expect(moneyText(-350_000 * 100, null, "en")).toBe("−350,000 yuan");
  });
});

test("a number without a unit takes no gap", () => {
  expect(bounded({ number: "3", unit: "" }, null, "en")).toBe("3");
  expect(moneyParts(0, "zh")).toEqual({ number: "0", unit: "元" });
});

test("yuanText writes a ledger's column with two decimals", () => {
  expect(yuanText(123_456)).toBe("1,234.56");
  expect(yuanText(100)).toBe("1.00");
  expect(yuanText(-5)).toBe("−0.05");
});

describe("parseMoney", () => {
  test.each([
    ["12.5万", 12_500_000], ["1,200.30", 120_030], ["3亿", 30_000_000_000], ["¥ 20 元", 2_000], ["￥1，000", 100_000], ["-0.01", -1], ["0.50", 50],
  ])("%s is %i fen", (text, fen) => { expect(parseMoney(text)).toBe(fen); });
  test.each(["", "abc", "1.2.3", "12万5", "1.005", "0.0000001亿千", "100000000000000000"])("%s is no amount", (text) => { expect(parseMoney(text)).toBeNull(); });
  test("finer than one fen is refused, 万 may carry six decimals", () => {
    expect(parseMoney("0.000001万")).toBe(1);
    expect(parseMoney("0.0000001万")).toBeNull();
  });
  test("what moneyText writes in Chinese comes back as the same fen", () => {
    for (const fen of [1, 99, 100, 12_345, 1_234_500, 700 * WAN, 12_345_678_901, 10_000_000_000]) expect(parseMoney(moneyText(fen, null, "zh"))).toBe(fen);
  });
});

test("fenOfYuan goes through the decimal text: 0.07 × 100 in floats is 7.000000000000001", () => {
  expect(0.07 * 100).not.toBe(7);
  expect(fenOfYuan(0.07)).toBe(7n);
  expect(fenOfYuan("-12.5")).toBe(-1250n);
  expect(fenOfYuan("1.234")).toBeNull();
  expect(fenOfYuan(1e21)).toBeNull();
});

test("sumFen adds beyond what floats hold apart", () => {
  expect(sumFen([])).toBe(0);
  expect(sumFen([10, -4, 1])).toBe(7);
});
