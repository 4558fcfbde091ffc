#!/usr/bin/env python3
"""Writes the tables of playbook/tracking/ as C: tracking.py FACTS.json FOLDER CODES.h TEXTS.h DEPFILE

CODES.h: FOLDER/<code system>.json, codes sorted as strcasecmp() compares them for a binary search; and pages.json.
TEXTS.h: FOLDER/texts/*.json, carriers' own words as a trie of words, and how their letters are folded. A file has
"carriers" (names as shops write them; none: any carrier), "language", "source", and "texts": state -> phrases. A phrase
is compared by whole words, of scripts without spaces by letters; " … " in it stands for up to six words (18 such
letters), {this|that} for alternatives. The longest phrase in a text wins, then the carrier's own, then the later one;
"unknown" takes back what a shorter phrase says.
DEPFILE names every file and folder, so that a new file is seen by the next build."""
import itertools
import json
import pathlib
import re
import sys
import unicodedata

MOVING = "moving"
GAP = "…"
GAPS_MAX = 2  # of a phrase; each one multiplies what a text costs
PHRASE_MAX = 40  # words
EXPANSIONS_MAX = 200  # phrases that a text with alternatives stands for
FILES_MAX = 255  # that name carriers; 0 stands for any
TEXT_KEYS = {"carriers", "language", "source", "texts"}

# Scripts that are written without spaces, or, as Hangul, with spaces that nobody agrees on: each letter is a word.
SCRIPTS = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0xFFFF))
# Letters of these are folded to themselves and need no table.
AS_IS = (0x3400, 0xD7FF)
DROPPED, SEPARATOR = 1, 0  # in the table of folding
EXPANDED = 0xE000  # and on: index into the table of expansions

# What Unicode's decomposition leaves: letters with strokes, the Turkish i without a dot, two Arabic letters typed for one.
LETTERS = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t",
           "ى": "ي", "ی": "ي", "ک": "ك"}
TATWEEL, SPACE_OF_NO_WIDTH = 0x640, 0x200B


def fail(path, message):
    sys.exit(f"{path}: {message}")


def ident(text):
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).upper()
    return "_" + name if name[0].isdigit() else name


def state_ident(state):
    return "TRACKING_MOVING" if state == MOVING else f"SHIPMENT_STATE_{ident(state)}"


def read_json(path):
    def unique(pairs):
        keys = [key for key, _ in pairs]
        for key in keys:
            if keys.count(key) > 1:
                fail(path, f'"{key}" stands twice in one object')
        return dict(pairs)

    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique)
    except ValueError as error:
        fail(path, error)


# --- codes ----------------------------------------------------------------------------------------------------------


def code_rows(path, states):
    seen = set()
    for code, row in sorted(read_json(path)["codes"].items(), key=lambda item: item[0].lower()):
        if row["state"] not in states:
            fail(path, f"{code}: no such state: {row['state']}")
        if code.lower() in seen:
            fail(path, f"{code} stands twice")
        seen.add(code.lower())
        yield f'    {{"{code}", {state_ident(row["state"])}}},'


def write_codes(out, tables, pages, systems, states):
    lines, index = ["/* Made from playbook/tracking/ by tools/tracking.py. */"], []
    for path in tables:
        if path.stem not in systems:
            fail(path, f"no such code system: {path.stem}")
        name = f"codes_of_{path.stem}"
        lines += ["", f"static const struct tracking_code {name}[] = {{", *code_rows(path, states), "};"]
        index += [f"    [CODE_SYSTEM_{ident(path.stem)}] = {{{name}, sizeof {name} / sizeof *{name}}},"]
    lines += ["", "static const struct tracking_codes tracking_tables[CODE_SYSTEM_COUNT] = {", *index, "};", ""]
    lines += ["static const struct tracking_page tracking_pages[] = {"]
    lines += [f'    {{"{host}", "{name}"}},' for host, name in read_json(pages)["pages"].items()]
    lines += ["};", ""]
    out.write_text("\n".join(lines), encoding="utf-8")


# --- folding --------------------------------------------------------------------------------------------------------


def in_script(code):
    return any(first <= code <= last for first, last in SCRIPTS)


def fold(code):
    """What a letter or digit is compared as; "": a separator; None: nothing, and the word goes on."""
    if AS_IS[0] <= code <= AS_IS[1]:
        return chr(code)
    if code > 0xFFFF or 0xD800 <= code < 0xF900 or code == SPACE_OF_NO_WIDTH:
        return ""
    if code == TATWEEL or unicodedata.category(chr(code)) in ("Mn", "Me", "Cf"):
        return None
    if unicodedata.category(chr(code))[0] not in "LNM":
        return ""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
    folded = "".join(LETTERS.get(letter, letter) for letter in folded if unicodedata.category(letter) != "Mn")
    if not all(unicodedata.category(letter)[0] in "LNM" for letter in folded):
        return ""
    if any(ord(letter) > 0xFFFF for letter in folded):
        return chr(code)  # beyond the table
    if len(folded) > 1 and any(in_script(ord(letter)) for letter in folded):
        return ""  # abbreviations in a square
    return folded


def cut(text):
    """The words of a text, as tracking_text.c cuts it."""
    words, open_word = [], ""
    for code in map(ord, text):
        folded = fold(code)
        if folded is None:
            continue
        if folded and not in_script(ord(folded[0])):
            open_word += folded
            continue
        if open_word:
            words.append(open_word)
        open_word = ""
        if folded:
            words.append(folded)
    return words + [open_word] if open_word else words


def fold_pages():
    """The distinct pages of 256 letters, the page of each high byte, and the expansions."""
    pages, index, expansions = [], [], []
    for high in range(256):
        page = []
        for code in range(high << 8, (high << 8) + 256):
            folded = "" if AS_IS[0] <= code <= AS_IS[1] else fold(code)
            if folded is not None and len(folded) > 1 and folded not in expansions:
                expansions.append(folded)
            page.append(DROPPED if folded is None else SEPARATOR if not folded else
                        ord(folded) if len(folded) == 1 else EXPANDED + expansions.index(folded))
        if page not in pages:
            pages.append(page)
        index.append(pages.index(page))
    return pages, index, expansions


# --- words ----------------------------------------------------------------------------------------------------------


class Trie:
    """Phrases, word by word. A node is [its children by word, its meanings]; a meaning is (number of the file of the
    carriers that it is of, state)."""

    def __init__(self):
        self.root = [{}, []]

    def put(self, words, meaning):
        node = self.root
        for word in words:
            node = node[0].setdefault(word, [{}, []])
        if meaning not in node[1]:
            node[1].append(meaning)

    def words(self):
        """All words; those that a phrase begins with first: a word's number is its node's then."""
        first, more, nodes = list(self.root[0]), set(), list(self.root[0].values())
        while nodes:
            children = nodes.pop()[0]
            more.update(children)
            nodes.extend(children.values())
        return [None, *first, *sorted(more - set(first) - {GAP})]

    def flat(self, numbers):
        """Nodes in the order of breadth: (first edge, first meaning); the child at edge e is node e + 1."""
        nodes, edges, meanings, level = [], [], [], [self.root]
        while level:
            below = []
            for children, own in level:
                nodes.append((len(edges), len(meanings)))
                meanings += sorted(own)
                for number, child in sorted((0 if word == GAP else numbers[word], word) for word in children):
                    edges.append(number)
                    below.append(children[child])
            level = below
        return nodes + [(len(edges), len(meanings))], edges, meanings


def expand(path, text):
    """The phrases of a text with alternatives: "left {at|in the} hub" is two. An alternative may be empty."""
    parts = re.split(r"\{([^{}]*)\}", text)  # every second one is inside
    if any(sign in part for part in parts[::2] for sign in "{}|"):
        fail(path, f'"{text}": alternatives are written {{this|that}}, and not inside each other')
    phrases = ["".join(choice) for choice in itertools.product(*(part.split("|") if at % 2 else [part]
                                                                 for at, part in enumerate(parts)))]
    if len(phrases) > EXPANSIONS_MAX:
        fail(path, f'"{text}": more than {EXPANSIONS_MAX} phrases')
    return phrases


def cut_phrase(path, phrase):
    parts = [cut(part) for part in phrase.replace("...", GAP).split(GAP)]
    if not all(parts):
        fail(path, f'"{phrase}": nothing to compare' if len(parts) == 1 else f'"{phrase}": a gap stands between words')
    if len(parts) - 1 > GAPS_MAX:
        fail(path, f'"{phrase}": more than {GAPS_MAX} gaps')
    words = parts[0]
    for part in parts[1:]:
        words = words + [GAP] + part
    if len(words) > PHRASE_MAX:
        fail(path, f'"{phrase}": longer than {PHRASE_MAX} words')
    return tuple(words)


def read_texts(path, states):
    """The names of carriers, and {words of a phrase: state}."""
    data = read_json(path)
    for key in data:
        if key not in TEXT_KEYS:
            fail(path, f'unknown key "{key}"; there are {", ".join(sorted(TEXT_KEYS))}')
    for key in ("language", "source"):
        if not isinstance(data.get(key), str) or not data[key]:
            fail(path, f'"{key}" is missing')
    if not isinstance(data.get("texts"), dict) or not data["texts"]:
        fail(path, '"texts" is missing or empty')
    phrases = {}
    for state, texts in data["texts"].items():
        if state not in states:
            fail(path, f'no such state: "{state}"; there are {", ".join(states)}')
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            fail(path, f'"{state}" is no list of texts')
        for phrase in (phrase for text in texts for phrase in expand(path, text)):
            words = cut_phrase(path, phrase)
            if phrases.setdefault(words, state) != state:
                fail(path, f'"{phrase}" is both {phrases[words]} and {state}')
    carriers = data.get("carriers", [])
    if not isinstance(carriers, list) or not all(isinstance(name, str) and cut(name) for name in carriers):
        fail(path, '"carriers" is no list of names')
    return {tuple(cut(name)) for name in carriers}, phrases


def check_others(path, carriers, phrases, read):
    """A phrase that two files give to the same parcel with two states tells nothing."""
    for other, their_carriers, their_phrases in read:
        if bool(carriers) != bool(their_carriers) or (carriers and not carriers & their_carriers):
            continue
        for words in phrases.keys() & their_phrases.keys():
            if phrases[words] != their_phrases[words]:
                fail(path, f'"{" ".join(words)}" is {phrases[words]} here and {their_phrases[words]} in {other}, '
                     "for the same carriers")


def build_trie(paths, states):
    trie, read, files = Trie(), [], 0
    carriers_root = ""  # no word of a text: below it stand the names of carriers, and it is the first of all
    trie.root[0][carriers_root] = [{}, []]
    for path in paths:
        carriers, phrases = read_texts(path, states)
        check_others(path, carriers, phrases, read)
        read.append((path, carriers, phrases))
        files += bool(carriers)
        if files > FILES_MAX:
            fail(path, f"more than {FILES_MAX} files that name carriers")
        for words, state in phrases.items():
            trie.put(words, (files if carriers else 0, state))
        for name in sorted(carriers):
            trie.put((carriers_root, *name), (files, "unknown"))
    return trie, files


def word_hash(word):
    """FNV-1a over code points; the low 16 bits make place for the word's number."""
    value = 0xCBF29CE484222325
    for letter in word:
        value = (value ^ ord(letter)) * 0x100000001B3 % (1 << 64)
    return value


def hash_table(words):
    """Open addressing: a slot is a word's hash, its low 16 bits the word's number; 0: empty."""
    size = 1 << max(4, (2 * len(words)).bit_length())
    table, seen = [0] * size, {}
    for number, word in enumerate(words):
        if not word:
            continue
        value = word_hash(word)
        if seen.setdefault(value >> 16, word) != word:
            sys.exit(f'"{word}" and "{seen[value >> 16]}" have the same hash: change word_hash() here and in C')
        at = value & (size - 1)
        while table[at]:
            at = (at + 1) & (size - 1)
        table[at] = value >> 16 << 16 | number
    return table


def rows(values, form, per_line=12):
    values = [form(value) for value in values]
    return ["    " + ", ".join(values[at:at + per_line]) + "," for at in range(0, len(values), per_line)]


def array(name, kind, values, form=str):
    return ["", f"static const {kind} {name}[] = {{", *rows(values, form), "};"]


def write_texts(out, paths, states):
    trie, files = build_trie(paths, states)
    words = trie.words()
    if len(words) > 0xFFFF:
        sys.exit("more than 65535 words in carriers' texts")
    nodes, edges, meanings = trie.flat({word: number for number, word in enumerate(words) if word is not None})
    pages, index, expansions = fold_pages()
    pair = "{{{}, {}}}".format
    lines = ["/* Made from playbook/tracking/texts/ by tools/tracking.py. */",
             f"#define FOLD_SEPARATOR {SEPARATOR}", f"#define FOLD_DROPPED {DROPPED}", f"#define FOLD_EXPANDED {EXPANDED:#x}",
             f"#define FOLD_AS_IS {AS_IS[0]:#x}", f"#define FOLD_AS_IS_LAST {AS_IS[1]:#x}",
             f"#define FIRST_WORDS {len(trie.root[0])} /* the words that phrases begin with are numbered from 1 */",
             "#define CARRIERS_NODE 1 /* below it stand the names of carriers */",
             f"#define CARRIER_FILES {files}"]
    lines += array("fold_page_of", "uint8_t", index)
    lines += ["", "static const uint16_t fold_pages[][256] = {"]
    for page in pages:
        lines += ["    {", *rows(page, str), "    },"]
    lines += ["};"]
    lines += array("fold_expansions", "uint16_t", expansions,
                   lambda text: "{" + ", ".join(str(ord(letter)) for letter in text) + "}")
    lines[lines.index("static const uint16_t fold_expansions[] = {")] = \
        f"static const uint16_t fold_expansions[][{max(map(len, expansions)) + 1}] = {{"
    lines += array("scripts", "struct script_range", SCRIPTS, lambda it: pair(*it))
    lines += array("word_slots", "uint64_t", hash_table(words), lambda it: f"{it:#x}")
    lines += array("nodes", "struct text_node", nodes, lambda it: pair(*it))
    lines += array("edges", "uint16_t", edges)
    lines += array("meanings", "struct text_meaning", meanings, lambda it: pair(it[0], state_ident(it[1])))
    out.write_text("\n".join([*lines, ""]), encoding="utf-8")


def main():
    facts, folder, codes_out, texts_out, depfile = map(pathlib.Path, sys.argv[1:])
    words = read_json(facts)["words"]
    states = [*words["shipment_state"], MOVING]
    pages, texts = folder / "pages.json", folder / "texts"
    tables = sorted(path for path in folder.glob("*.json") if path != pages)
    text_files = sorted(texts.glob("*.json"))
    write_codes(codes_out, tables, pages, words["code_system"], states)
    write_texts(texts_out, text_files, states)
    depends = " ".join(str(path).replace(" ", "\\ ") for path in [facts, folder, texts, pages, *tables, *text_files])
    depfile.write_text(f"{codes_out}: {depends}\n", encoding="utf-8")


main()
