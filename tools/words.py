#!/usr/bin/env python3
"""Makes the tables of words that the scanners of entities know: words.py FACTS.json WORDS_DIR OUT.h OUT.d

A file of the folder has "kind" and "words": what is told -> phrases as texts write them (lower case, no apostrophes; words of
up to 23 bytes, at most 5 in a phrase), or, of kind "said", "groups" and "said" (see playbook/words/said.en.json). Kind "gloss": English words -> the phrases of the
file's language that they stand for; a phrase's last word may be a beginning ("annul*").
It refuses what no text could match and what stands for two things."""
import json
import os
import re
import sys
import unicodedata

KINDS = ["color", "country", "country_like", "carrier", "measure", "size", "size_system", "feast"]
BESIDE_CLAIMS = ["wide_foot", "photo", "offer", "no_offer", "need", "no_need", "late", "was_due", "resale", "weighs", "dimensions"]
KEYS = {"about", "language", "source", "kind", "words", "groups", "said"}
PHRASE_WORDS, WORD_BYTES, GROUPS, SLOTS = 5, 23, 512, 8
GLOSS_WORDS, GLOSS_BYTES = 7, 38  # of a glossary: words.c


def fail(path, message):
    sys.exit(f"{path}: {message}")


def c_string(text):
    return '"' + "".join(chr(b) if 0x20 <= b < 0x7F and b not in b'"\\?' else f"\\{b:03o}" for b in text.encode()) + '"'


def normal(path, phrase):
    words = re.sub(r"[.&+]", " ", phrase.replace("'", "").replace("\u2019", "")).split()
    if not words or len(words) > PHRASE_WORDS or any(len(word.encode()) > WORD_BYTES for word in words):
        fail(path, f'"{phrase}" has no words, too many, or one too long')
    if phrase != phrase.lower():
        fail(path, f'"{phrase}" has capitals')
    return "".join(c for c in unicodedata.normalize("NFKD", " ".join(words)) if not unicodedata.combining(c))


def read_phrases(path, data, phrases):
    for value, names in data["words"].items():
        for name in names:
            key = (data["kind"], normal(path, name))
            if phrases.setdefault(key, value) != value:
                fail(path, f'"{name}" is "{phrases[key]}" and "{value}"')


def fold(phrase):
    """As src/understand/words.c reads words: what differs in accents only is one."""
    phrase = phrase.lower().translate(str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "æ": "a", "œ": "o", "ı": "i", "'": None, "\u2019": None}))
    return "".join(c for c in unicodedata.normalize("NFKD", phrase) if not unicodedata.combining(c)) if phrase[0] < "\u0600" else phrase


def read_gloss(path, data, glosses):
    gloss = glosses.setdefault(data["language"], {})
    for english, phrases in data["words"].items():
        if len(english.split(" ")) > GLOSS_WORDS or any(not 0 < len(word) <= WORD_BYTES for word in english.split(" ") if english):
            fail(path, f'"{english}" has too many words, or one too long')
        for phrase in phrases:
            words = phrase.split(" ")
            if not 0 < len(words) <= GLOSS_WORDS or any(not 0 < len(word.encode()) <= GLOSS_BYTES for word in words):
                fail(path, f'"{phrase}" has no words, too many, or one too long')
            if "*" in phrase and (len(words) > 1 or phrase.index("*") != len(phrase) - 1 or len(phrase) < 4):
                fail(path, f'"{phrase}": a beginning is one word of three letters or more, and a * behind it')
            if re.search(r"[0-9]", phrase):
                fail(path, f'"{phrase}": a number is no word')
            if gloss.setdefault(fold(phrase), english) != english:
                fail(path, f'"{phrase}" is "{gloss[fold(phrase)]}" and "{english}" (accents do not matter)')


class Said:
    def __init__(self, claims):
        self.claims = claims
        self.names = [f"claim {claim}" for claim in claims] + BESIDE_CLAIMS
        self.groups = {}  # frozenset of words -> number
        self.patterns = []

    def group(self, path, words):
        for word in words:
            if word != word.lower() or len(word.encode()) > WORD_BYTES:
                fail(path, f'"{word}" has capitals or is too long')
        number = self.groups.setdefault(frozenset(words), len(self.groups))
        if number >= GROUPS:
            fail(path, f"more than {GROUPS} groups")
        return number

    def slot(self, path, token, named):
        words = set()
        for part in token.split("|"):
            if part.upper() == part and part.lower() != part:
                if part not in named:
                    fail(path, f'no group "{part}"')
                words |= named[part]
            else:
                words.add(part)
        return words

    def read(self, path, data):
        named = {name: set(words.split()) for name, words in data["groups"].items()}
        for always in ("NOT", "IF"):
            if always not in named:
                fail(path, f'no group "{always}"')
        not_group, if_group = self.group(path, named["NOT"]), self.group(path, named["IF"])
        if (not_group, if_group) != (0, 1):
            fail(path, "one file of kind said a language is all that fits now")
        for name, patterns in data["said"].items():
            if name not in self.claims and name not in BESIDE_CLAIMS:
                fail(path, f'"{name}" is nothing that can be said')
            for pattern in patterns:
                slots, gap, denies = [], 0, 0
                for token in pattern.split():
                    if token == "..":
                        gap += 4
                        continue
                    words = self.slot(path, token, named)
                    denies |= words <= named["NOT"]
                    slots.append((self.group(path, words), gap))
                    gap = 0
                if not slots or len(slots) > SLOTS:
                    fail(path, f'"{pattern}" has no words or too many')
                number = self.claims.index(name) if name in self.claims else len(self.claims) + BESIDE_CLAIMS.index(name)
                self.patterns.append((number, denies, slots))


def main():
    facts, folder, out, depfile = sys.argv[1:]
    with open(facts, encoding="utf-8") as file:
        claims = json.load(file)["words"]["claim"]
    phrases, said, glosses = {}, Said(claims), {}
    paths = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".json"))
    for path in paths:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        if set(data) - KEYS:
            fail(path, f"unknown keys {set(data) - KEYS}")
        if data["kind"] == "said":
            said.read(path, data)
        elif data["kind"] == "gloss":
            read_gloss(path, data, glosses)
        elif data["kind"] in KINDS:
            read_phrases(path, data, phrases)
        else:
            fail(path, f'unknown kind "{data["kind"]}"')
    code = ["/* Made from playbook/words/ by tools/words.py. */",
            "#ifndef REPLYD_WORDS_GEN_H", "#define REPLYD_WORDS_GEN_H",
            "enum phrase_kind { " + ", ".join(f"PHRASE_{kind.upper()}" for kind in KINDS) + " };", "",
            f"#define SAID_GROUPS {GROUPS}", f"#define SAID_SLOTS {SLOTS}",
            "enum { " + ", ".join(f"SAID_{name.upper()} = CLAIM_COUNT + {i}" for i, name in enumerate(BESIDE_CLAIMS)) +
            f", SAID_COUNT = CLAIM_COUNT + {len(BESIDE_CLAIMS)} }};",
            "enum { SAID_NOT, SAID_IF }; /* groups */", "", "#endif", "",
            "#ifdef WORDS_GEN_TABLES",
            "static const struct { uint8_t kind; const char *phrase, *value; } phrase_table[] = {"]
    code += [f"    {{PHRASE_{kind.upper()}, {c_string(phrase)}, {c_string(value)}}}," for (kind, phrase), value in phrases.items()]
    code += ["};", ""]
    for language, gloss in sorted(glosses.items()):
        code.append(f"static const struct gloss_row gloss_{language}[] = {{")
        code += [f"    {{{c_string(phrase)}, {c_string(english)}}}," for phrase, english in gloss.items()] + ["};", ""]
    code.append("static const struct gloss_table gloss_tables[] = {")
    code += [f'    {{"{language}", gloss_{language}, {len(gloss)}}},' for language, gloss in sorted(glosses.items())]
    code += ["};", "", "static const struct said_word said_words[] = {"]
    patterns = sorted(said.patterns, key=lambda pattern: pattern[0])
    starts = []  # of each word, the patterns that begin with it
    masks = {}
    for words, number in said.groups.items():
        for word in words:
            masks[word] = masks.get(word, 0) | 1 << number
    for word in sorted(masks):
        parts = ", ".join(f"0x{masks[word] >> 64 * i & (1 << 64) - 1:x}u" for i in range(GROUPS // 64))
        mine = [i for i, (_, _, slots) in enumerate(patterns) if masks[word] >> slots[0][0] & 1]
        code.append(f"    {{{c_string(word)}, {{{parts}}}, {len(starts)}, {len(mine)}}},")
        starts += mine
    code += ["};", "", "static const struct said_pattern said_table[] = {"]
    for number, denies, slots in patterns:
        row = ", ".join(f"{{{group}, {gap}}}" for group, gap in slots)
        code.append(f"    {{{number}, {denies}, {len(slots)}, {{{row}}}}},")
    code += ["};", "", "static const uint16_t said_starts[] = {" + ", ".join(map(str, starts)) + "};", "#endif", ""]
    with open(out, "w", encoding="ascii") as file:
        file.write("\n".join(code))
    with open(depfile, "w", encoding="utf-8") as file:
        file.write(f"{os.path.basename(out)}: " + " ".join(path.replace(" ", "\\ ") for path in [folder] + paths) + "\n")


main()
