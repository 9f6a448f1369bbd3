"""bench_press.py GONGFU: the press check of a text of 1 MB against 50,000 figures. Invented names and numbers."""
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

WORDS = "道路 水渠 大棚 茶园 学校 图书 培训 民宿 光伏 合作社 冷库 公交 诊所 广场 竹林 鸡舍 水厂 桥梁 堤坝 展馆".split()
VERBS = "建成 修缮 投入 落实 新增 改造 完成 配备".split()


def write(folder, name, rows):
    with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main():
    gongfu, dice = os.path.abspath(sys.argv[1]), random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        source, db = os.path.join(folder, "books"), "sqlite:" + os.path.join(folder, "p.db")
        os.makedirs(source)
        places = [f"99010{n:04d}" for n in range(400)]
        write(source, "places", [{"code": "990100", "name": "某县", "level": "county", "parent": ""}] + [{"code": "990100" + f"{n:03d}", "name": f"{chr(0x4e00 + 37 * n)}{chr(0x5e00 + 11 * n)}镇", "level": "town", "parent": "990100"} for n in range(400)])
        write(source, "programmes", [{"id": "p", "name": "某项目群", "place": "990100"}])
        facts, sentences = [], []
        for n in range(50_000):
            value, place = dice.randint(1, 9999), dice.randrange(400)
            phrase = f"{dice.choice(VERBS)}{dice.choice(WORDS)}{dice.choice(WORDS)}{value}{dice.choice(['万元', '户', '人', '亩', '个'])}"
            facts.append({"id": f"F{n}", "line": n + 1, "char": 1, "speaker": "某", "phrase": phrase, "place": "990100" + f"{place:03d}"})
            sentences.append(f"{chr(0x4e00 + 37 * place)}{chr(0x5e00 + 11 * place)}镇{phrase}。")
        write(source, "facts", facts)
        subprocess.run([gongfu, "load", source, "--db", db], check=True, capture_output=True)
        text, size = [], 0
        while size < 1_000_000:
            line = "".join(dice.choices(sentences, k=5)) + "\n"
            text.append(line)
            size += len(line.encode())
        path = os.path.join(folder, "text.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(text)
        runs = []
        for _ in range(5):
            begun = time.monotonic()
            run = subprocess.run([gongfu, "press", path, "--json", "--db", db], capture_output=True, check=False)
            runs.append(time.monotonic() - begun)
        assert run.returncode in (0, 1), run.stderr
    print("## Press check (`bench/bench_press.py`)\n\n| what | measured | hoped |\n|---|---|---|")
    print(f"| a text of {size / 1e6:.1f} MB against 50,000 figures | {statistics.median(runs):.2f} s (of 5: {min(runs):.2f} to {max(runs):.2f}) | < 2 s |")


if __name__ == "__main__":
    main()
