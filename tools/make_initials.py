"""Make ``src/xiaoer/registry/initials.txt``: the first letter of every Chinese character.

Run once when pypinyin changes. The room reads the table instead of calling pypinyin for every name:
0.04 s instead of 5.6 s for 100,000 names.
"""

from pathlib import Path

from pypinyin import Style, pinyin

FIRST, LAST, WIDTH = 0x3400, 0x9FFF, 64
# Characters that really change their first letter in names of firms; rare readings only add noise.
POLYPHONES = "重长行乐厦单曾解会藏朝调盛乘车宿尉蔚沈仇种传翟贾强屯铅"
TARGET = Path(__file__).parent.parent / "src/xiaoer/registry/initials.txt"


def letters(character: str) -> list[str]:
    """First letters of all readings, the usual one first; none for an unknown character."""
    readings = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    found = [reading[0] for reading in (readings[0] if readings else []) if reading[:1].isascii()]
    return list(dict.fromkeys(letter for letter in found if letter.isalpha()))


def main() -> None:
    lines = []
    for start in range(FIRST, LAST + 1, WIDTH):
        row = [letters(chr(code))[:1] for code in range(start, start + WIDTH)]
        lines.append(f"{start:04x} {''.join(letter[0] if letter else '.' for letter in row)}")
    for character in POLYPHONES:
        others = letters(character)[1:]
        if others:
            lines.append(f"{ord(character):04x} + {character} {others[0]}")
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
