#!/usr/bin/python3
"""`./dev bench fasttext`: the classifier beside fastText (Debian's package), trained on the same lines and scored on the same
held-out files; speed in turns on one core, the same messages of 120 characters."""
import argparse
import collections
import pathlib
import re
import statistics
import subprocess
import time
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "build/bench/fasttext"
SETTINGS = ["-dim", "100", "-epoch", "100", "-lr", "0.3", "-wordNgrams", "2", "-minn", "3", "-maxn", "6", "-bucket", "500000", "-loss", "softmax",
            "-thread", "2", "-seed", "1"]
ROUNDS = 5


def plain(text):
    """What fastText's documentation advises: small letters, signs apart; accents go as ours do, and scripts without spaces
    are read a letter a word."""
    text = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    text = re.sub(r"([\u3040-\u30ff\u3400-\u9fff\uff00-\uffef])", r" \1 ", unicodedata.normalize("NFKC", text))
    return " ".join(re.sub(r"([.,!?()\"'/:;\u3002\uff0c\uff1f\uff01\u3001])", r" \1 ", text).split())


def train(quick):
    WORK.mkdir(parents=True, exist_ok=True)
    lines = []
    for path in sorted((ROOT / "playbook/intents").glob("*/*.txt")):
        lines += [f"__label__{path.parent.name} {plain(line)}" for line in path.read_text(encoding="utf-8").splitlines()]
    (WORK / "train.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = [*SETTINGS[:3], "5", *SETTINGS[4:]] if quick else SETTINGS
    began = time.monotonic()
    subprocess.run(["fasttext", "supervised", "-input", WORK / "train.txt", "-output", WORK / "model", *settings], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return len(lines), time.monotonic() - began


def messages(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        label, tab, text = line.partition("\t")
        if tab and not line.startswith("#"):
            yield label.split("|")[0], text


def macro(pairs):
    right, total = collections.Counter(), collections.Counter()
    for label, guess in pairs:
        total[label] += 1
        right[label] += label == guess
    return statistics.mean(right[label] / total[label] for label in total)


def fasttext_guesses(texts):
    done = subprocess.run(["fasttext", "predict", WORK / "model.bin", "-"], input="\n".join(map(plain, texts)) + "\n", text=True, check=True,
                          stdout=subprocess.PIPE)
    return [line.removeprefix("__label__") for line in done.stdout.splitlines()]


def replyd_guesses(texts):
    done = subprocess.run([ROOT / "build/replyd", "classify"], input="\n".join(texts) + "\n", text=True, check=True, stdout=subprocess.PIPE)
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


def seconds(words, path):
    """CPU seconds; what the program needs to start is measured with one line and taken off by the caller."""
    with open(path, "rb") as file:
        began = time.monotonic()
        subprocess.run(["taskset", "-c", "0", *map(str, words)], stdin=file, stdout=subprocess.DEVNULL, check=True)
        return time.monotonic() - began


def speed(texts):
    """Messages a second of both, in turns."""
    files = {"replyd": [ROOT / "build/replyd", "classify"], "fasttext": ["fasttext", "predict", WORK / "model.bin", "-"]}
    many = [(text + " " + text * 3)[:120] for text in texts]
    many = many * max(1, 100_000 // len(many))
    for name, lines in (("replyd", many), ("fasttext", [plain(text) for text in many])):
        (WORK / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (WORK / f"{name}-one.txt").write_text(lines[0] + "\n", encoding="utf-8")
    rates = {name: [] for name in files}
    for _ in range(ROUNDS):
        for name, words in files.items():
            start = seconds(words, WORK / f"{name}-one.txt")
            rates[name].append(len(many) / (seconds(words, WORK / f"{name}.txt") - start))
    return rates


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="train fastText for 5 epochs only")
    options = parser.parse_args()
    count, took = train(options.quick)
    size = (WORK / "model.bin").stat().st_size / 1e6
    print(f"fastText: {count:,} lines, trained in {took:.0f} s on 2 threads, model {size:.0f} MB; {' '.join(SETTINGS)}\n")
    print(f"{'macro accuracy':16} {'replyd':>8} {'fastText':>8}")
    totals = []
    for path in sorted((ROOT / "tests/corpus").glob("??.tsv")):
        labels, texts = zip(*messages(path))
        row = [macro(zip(labels, guesses(texts))) for guesses in (replyd_guesses, fasttext_guesses)]
        totals.append(row)
        print(f"{path.stem:16} {row[0]:8.4f} {row[1]:8.4f}")
    print(f"{'mean':16} {statistics.mean(r[0] for r in totals):8.4f} {statistics.mean(r[1] for r in totals):8.4f}\n")
    english = [text for _, text in messages(ROOT / "tests/corpus/en.tsv")]
    rates = speed(english)
    print(f"{'messages a second, one core, 120 characters':46} {'median':>9}   range")
    for name, values in rates.items():
        print(f"{name:46} {statistics.median(values):9,.0f}   {min(values):,.0f} - {max(values):,.0f}")
    print(f"ratio {statistics.median(rates['replyd']) / statistics.median(rates['fasttext']):.2f}")


main()
