/* What ECharts draws lies where the words and buttons over it say: pixels of the canvas are read under each of them. */
import { must, same, test } from "./tally.mjs";
import { faults, go, settled } from "./office.mjs";

const PROGRAMME = "taishun-demo", LIGHT_MS = 3000;
const NEAR = 12;  // of 255, in one colour

/* The pixel of a chart at a point of the window: red, green, blue, and how much of it there is. The chart is copied before
 * it is read, for the browser complains of a canvas that is read often. */
const pixel = (page, chart, x, y) => page.evaluate(([selector, left, top]) => {
  const canvas = document.querySelector(`${selector} canvas`), box = canvas.getBoundingClientRect(), scale = canvas.width / box.width;
  const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, Math.floor((left - box.left) * scale), Math.floor((top - box.top) * scale), 1, 1, 0, 0, 1, 1);
  return [...copy.getImageData(0, 0, 1, 1).data];
}, [chart, x, y]);

/* Something is on the canvas. */
export const drawn = (page, chart) => page.waitForFunction((selector) => {
  const canvas = document.querySelector(`${selector} canvas`);
  if (!canvas) return false;
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
}, chart);

const colour = (page, name) => page.evaluate((token) => {
  const one = document.createElement("i");
  one.style.color = `var(--${token})`;
  document.body.append(one);
  const rgb = getComputedStyle(one).color.match(/\d+/g).map(Number);
  one.remove();
  return rgb;
}, name);
const like = (got, wanted) => got[3] > 200 && wanted.every((part, i) => Math.abs(part - got[i]) <= NEAR);
const centre = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
async function still(page, path, selector) {
  await page.mouse.move(0, 0);  // what the pointer is on has another colour
  await go(page, path);
  await drawn(page, selector);
}

async function opened(page, id) {
  await page.locator(".el-drawer .trace").waitFor();
  await settled(page);
  const found = await page.locator(".el-drawer .trace code").first().textContent();
  must(found.startsWith(id), `${found} opened instead of ${id}`);
  must(await page.locator(".el-drawer .trace .note.green").count(), `${found} is not equal when computed again`);
  await page.keyboard.press("Escape");
  await page.locator(".el-drawer").waitFor({ state: "hidden" });
}

async function indicator(page) {
  const green = await colour(page, "green"), buttons = await page.locator(".bars button").all();
  same(buttons.length, (await page.locator(".bars button b").allTextContents()).filter(Boolean).length, "bars with their number");
  must(buttons.length > 1, "too few bars");
  for (const button of buttons) {
    const plot = await button.boundingBox(), words = await button.locator("b").boundingBox(), [middle] = centre(plot), top = words.y + words.height;
    const [inside, above, beside] = [await pixel(page, ".bars", middle, top + 4), await pixel(page, ".bars", middle, top - 4), await pixel(page, ".bars", plot.x + 3, top + 4)];
    must(like(inside, green), `no bar right under its number: ${inside}`);
    must(!like(above, green), "the bar is higher than its number stands");
    must(!like(beside, green), "the bar is as wide as its room");
  }
  await buttons[0].focus();
  await page.keyboard.press("Enter");
  await opened(page, "obs.");
}

async function spending(page) {
  const [green, red] = [await colour(page, "green"), await colour(page, "red")], buttons = await page.locator(".spend button").all();
  must(buttons.length > 2, "too few payments");
  let back = 0;
  for (const button of buttons) {
    const dot = await pixel(page, ".spend", ...centre(await button.boundingBox()));
    must(like(dot, green) || like(dot, red), `no dot where ${await button.getAttribute("aria-label")} stands: ${dot}`);
    back += like(dot, red);
  }
  same(back, 1, "what was taken back");
  await buttons[0].focus();
  await page.keyboard.press("Enter");
  await opened(page, "entry.");
}

/* Where the band of a button ends: its amount stands ten pixels before. */
const endOf = (button) => button.evaluate((one) => {
  const box = one.parentElement.getBoundingClientRect();
  return [box.left + parseFloat(one.style.left) + 10, box.top + parseFloat(one.style.top)];
});
async function flow(page) {
  const buttons = await page.locator(".flow-words button").all();
  must(buttons.length > 2, "too few bands");
  for (const button of buttons) {
    const [x, y] = await endOf(button), name = await button.getAttribute("aria-label");
    const [band, node] = [await pixel(page, ".flow", x - 3, y), await pixel(page, ".flow", x + 5, y)];
    must(band[3] > 30 && band[3] < 120, `no band beside ${name}: ${band}`);
    must(node[3] > 230, `${name} ends at no node: ${node}`);
  }
  const last = buttons[buttons.length - 1];
  await last.scrollIntoViewIfNeeded();
  const [x, y] = await endOf(last), beside = [x - 3, y];
  await last.hover();
  let lit = 0;
  for (const until = Date.now() + LIGHT_MS; lit < 100 && Date.now() < until;) [, , , lit] = await pixel(page, ".flow", ...beside);
  must(lit >= 100, `a band that is pointed at does not light: ${lit}`);
  await page.mouse.click(...beside);  // the band itself, not its words
  await Promise.any([page.locator(".el-drawer .trace").waitFor(), page.waitForURL(/#\/money\?/)]);
}

/* Heights of the first bar in the frames while the page opens. */
async function heights(page) {
  await page.addInitScript(() => {
    window.seen = new Set();
    const look = () => {
      const canvas = document.querySelector(".bars canvas"), button = document.querySelector(".bars button");
      if (canvas && button) {
        const box = canvas.getBoundingClientRect(), at = button.getBoundingClientRect(), scale = canvas.width / box.width;
        const copy = new OffscreenCanvas(1, canvas.height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(canvas, Math.floor((at.left + at.width / 2 - box.left) * scale), 0, 1, canvas.height, 0, 0, 1, canvas.height);
        const column = copy.getImageData(0, 0, 1, canvas.height).data;
        const inked = column.filter((part, i) => i % 4 === 3 && part > 200).length;
        if (inked > 4) window.seen.add(inked);
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.reload();
  await settled(page);
  await page.waitForTimeout(1200);  // longer than anything moves
  return page.evaluate(() => window.seen.size);
}

export async function charts(office) {
  const page = await office.window({ user: "office", programme: PROGRAMME, theme: "auto" });
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await test(`the bars of an indicator stand under their numbers, ${scheme}`, async () => { await still(page, "/indicators/demo-i-hh-income", ".bars"); await indicator(page); });
    await test(`the payments of a project lie on their line, ${scheme}`, async () => { await still(page, "/projects/demo-pr-hen", ".spend"); await spending(page); });
    await test(`the bands of money end where their amounts stand, light up and open, ${scheme}`, async () => { await still(page, "/home", ".flow"); await flow(page); });
  }
  await test("a chart takes the dark colours while it stands", async () => {
    await page.emulateMedia({ colorScheme: "light" });
    await still(page, "/indicators/demo-i-hh-income", ".bars");
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(() => document.documentElement.classList.contains("dark"));
    await settled(page);
    await indicator(page);
  });
  await test("the bars grow, but not for who wants no motion", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    same(await heights(page), 1, "heights seen without motion");
    await page.emulateMedia({ reducedMotion: "no-preference" });
    must(await heights(page) > 2, "nothing grows");
  });
  same(faults(page), [], "faults");
  await page.context().close();
  await onPhone(office);
}

async function onPhone(office) {
  const page = await office.window({ user: "office", programme: PROGRAMME, width: 390, height: 844 });
  await test("on a phone the flow of money is a list, and ECharts is not fetched for it", async () => {
    const fetched = [];
    page.on("request", (request) => fetched.push(request.url()));
    await go(page, "/home");
    must(await page.locator(".flow-list button").count(), "no list");
    same(fetched.filter((url) => /charts-/.test(url)), [], "fetched");
    await go(page, "/indicators/demo-i-hh-income");
    await drawn(page, ".bars");
    must(fetched.some((url) => /charts-/.test(url)), "ECharts has another name now");
    await page.locator(".bars button").first().click();
    await opened(page, "obs.");
    same(faults(page), [], "faults");
  });
  await page.context().close();
}
